import { app } from 'electron';
import type { Session, WebPreferences } from 'electron';

/** The preferences of every page of ours. Electron's defaults are written out, so that a changed default cannot open a door. */
export function windowPreferences(session: Session): WebPreferences {
  return {
    session,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    webgl: false,
    enableWebSQL: false,
    v8CacheOptions: 'none',
    devTools: !app.isPackaged,
  };
}
