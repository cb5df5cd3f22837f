import { dirname, join } from 'node:path';
import { app, ipcMain, Menu, powerMonitor, session } from 'electron';
import type { Places } from '../client/index.ts';
import { Access } from './access.ts';
import { APP_SCHEME, IMAGE_SCHEME } from './addresses.ts';
import { createAppHandler } from './app-protocol.ts';
import { FrameKeeper } from './frame-keeper.ts';
import { watchIdle } from './idle-lock.ts';
import { createImageHandler } from './image-protocol.ts';
import { createMenu } from './menu.ts';
import { permitCamera } from './permit-camera.ts';
import { createRelay } from './relay.ts';
import { createShellCalls } from './shell-calls.ts';
import { StationLink } from './station-link.ts';
import { findStationRuntime } from './station-runtime.ts';
import { CALL_CHANNEL, FRAME_CHANNEL, StationWindow } from './station-window.ts';

/** Until the station has said otherwise. */
const LOCK_AFTER_MINUTES = 10;

/** Opens the window over the station of these places; gives back what brings it to the front. Call it once Electron is ready. */
export async function openShell(places: Places, outDir: string): Promise<() => void> {
  Menu.setApplicationMenu(createMenu(process.platform));
  const windows = new Set<number>();
  let lockAfterMinutes = LOCK_AFTER_MINUTES;
  let lastSeenAt = Date.now();
  let window: StationWindow | null = null;

  const access = new Access(() => {
    lastSeenAt = Date.now();
    link.follow();
    void keeper.sendAgain();
  });
  const forget = (): string | null => {
    const token = access.forget();
    window?.purge();
    return token;
  };
  const lock = (): void => {
    const token = forget();
    if (token !== null) void link.client.call('session.lock', {}, { session: token });
  };
  const link = new StationLink({
    access,
    station: {
      ...places,
      ...findStationRuntime({
        packaged: app.isPackaged,
        resourcesPath: process.resourcesPath,
        appRoot: dirname(outDir),
        platform: process.platform,
        arch: process.arch,
      }),
    },
    onEvent: (event) => {
      window?.send(event);
      if (event.name === 'station.connection' && event.payload.state === 'connected') {
        void learnLockTime();
        void keeper.sendAgain();
      }
    },
    onSessionLost: forget,
  });
  const tellWaiting = (): void => window?.send({ name: 'frames.waiting', payload: { count: keeper.count } });
  const keeper = new FrameKeeper({
    client: link.client,
    access,
    windows,
    onCount: tellWaiting,
    stationLost: () => link.revive(),
  });
  async function learnLockTime(): Promise<void> {
    const info = await link.client.call('station.info', {});
    if (info.ok) lockAfterMinutes = info.value.lockAfterMinutes;
  }

  const workstation = session.fromPartition('workstation', { cache: false });
  workstation.protocol.handle(APP_SCHEME, await createAppHandler(join(outDir, 'renderer')));
  workstation.protocol.handle(
    IMAGE_SCHEME,
    createImageHandler({
      session: () => access.token,
      picture: (id, size, options) => link.client.picture(id, size, options),
    }),
  );
  permitCamera(workstation, { windows, signedIn: () => access.token !== null });
  const shellCalls = createShellCalls({
    client: link.client,
    access,
    window: () => window?.browserWindow ?? null,
  });
  const stationLost = (): string | null => {
    link.revive();
    return link.startError;
  };
  ipcMain.handle(CALL_CHANNEL, createRelay({ client: link.client, access, windows, shellCalls, forget, stationLost }));
  ipcMain.handle(FRAME_CHANNEL, (event, dockingId: unknown, facts: unknown, bytes: unknown) =>
    keeper.handOver(event, dockingId, facts, bytes),
  );
  watchIdle({
    powerMonitor,
    lockAfterMinutes: () => lockAfterMinutes,
    lastSeenAt: () => (access.token === null ? null : lastSeenAt),
    lock,
  });

  const opened = new StationWindow({
    session: workstation,
    preload: join(outDir, 'preload', 'index.cjs'),
    onLoaded: () => {
      link.tellState();
      tellWaiting();
    },
    onInput: () => (lastSeenAt = Date.now()),
    unsealed: () => keeper.count,
  });
  window = opened;
  windows.add(opened.browserWindow.webContents.id);
  opened.browserWindow.once('closed', () => {
    windows.clear();
    window = null;
    link.close();
  });
  link.open();
  await opened.open();
  return () => opened.bringToFront();
}
