import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';

/**
 * The menu is invisible on Linux and Windows and is there for its keys: zoom, full screen, copy and paste. It has no reload
 * and no developer tools.
 */
export function createMenu(platform: NodeJS.Platform): Menu {
  const template: MenuItemConstructorOptions[] = [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { role: 'editMenu' },
    {
      role: 'window',
      submenu: [
        { role: 'zoomIn' },
        { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { role: 'togglefullscreen' },
        { role: 'minimize' },
        { role: 'quit' },
      ],
    },
  ];
  return Menu.buildFromTemplate(template);
}
