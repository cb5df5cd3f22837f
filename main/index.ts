import { dirname } from 'node:path';
import { app, dialog } from 'electron';
import { errorCode } from '../shared/domain/errors.ts';
import { findPlaces, placeSwitches } from './client/index.ts';
import { hardenApp, openShell } from './shell/index.ts';

/**
 * The window's process. It hardens itself before anything else, is the only one on its data folder, finds or starts the
 * station, and shows it. It does no work and holds no patient data: closing or killing it never stops the station.
 */
const places = findPlaces(placeSwitches(process.argv.slice(1)));
hardenApp(places.dataDir);

if (app.requestSingleInstanceLock()) {
  let bringToFront = (): void => undefined;
  app.on('second-instance', () => bringToFront());
  app.on('window-all-closed', () => app.quit());
  app
    .whenReady()
    .then(() => openShell(places, dirname(import.meta.dirname)))
    .then((front) => (bringToFront = front))
    .catch((error: unknown) => {
      dialog.showErrorBox(
        'Photodock',
        `The window could not be opened (${errorCode(error)}). The station goes on working.`,
      );
      app.exit(1);
    });
} else {
  app.quit();
}
