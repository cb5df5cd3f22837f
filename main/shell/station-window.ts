import { app, BrowserWindow, dialog, nativeTheme } from 'electron';
import type { Session } from 'electron';
import packageFile from '../../package.json' with { type: 'json' };
import type { StationEvent } from '../../shared/contract.ts';
import { APP_START, isAppAddress } from './addresses.ts';
import { windowPreferences } from './window-preferences.ts';

export const EVENT_CHANNEL = 'photodock:event';
export const CALL_CHANNEL = 'photodock:call';
export const FRAME_CHANNEL = 'photodock:frame';

const CRASHES_BEFORE_GIVING_UP = 3;
const CRASH_MEMORY_MS = 60_000;

export interface StationWindowParts {
  readonly session: Session;
  readonly preload: string;
  readonly onLoaded: () => void;
  readonly onInput: () => void;
  /** How many pictures only this window's process has: closing it would lose them. */
  readonly unsealed: () => number;
}

/** Asks before pictures are lost that no station has sealed yet. */
async function isCloseMeant(window: BrowserWindow, count: number): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: count === 1 ? 'One picture is not saved yet.' : `${count} pictures are not saved yet.`,
    detail:
      'They are saved by themselves as soon as the station answers and somebody is signed in. Closing loses them.',
    buttons: ['Stay', 'Close and lose them'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

/** The one window of the station. */
export class StationWindow {
  readonly browserWindow: BrowserWindow;
  #purging = false;
  #closeMeant = false;
  #crashes: number[] = [];

  constructor({ session, preload, onLoaded, onInput, unsealed }: StationWindowParts) {
    const window = new BrowserWindow({
      title: 'Photodock',
      width: 1440,
      height: 900,
      minWidth: 1024,
      minHeight: 640,
      show: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#14181d' : '#f5f6f7',
      webPreferences: {
        ...windowPreferences(session),
        preload,
        additionalArguments: [`--photodock-version=${packageFile.version}`],
      },
    });
    this.browserWindow = window;
    window.setMenuBarVisibility(false);
    // The title says nothing about the page: it shows in task lists and screen shares.
    window.on('page-title-updated', (event) => event.preventDefault());
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      if (this.#closeMeant || unsealed() === 0) return;
      event.preventDefault();
      void isCloseMeant(window, unsealed()).then((meant) => {
        this.#closeMeant = meant;
        if (meant) window.close();
      });
    });
    window.webContents.on('did-finish-load', onLoaded);
    window.webContents.on('input-event', onInput);
    // Chromium lets a page empty itself (about:blank) without asking: then ours is loaded again.
    window.webContents.on('did-navigate', (_event, address) => {
      if (!isAppAddress(address)) void window.loadURL(APP_START);
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') this.#comeBack();
    });
  }

  async open(): Promise<void> {
    await this.browserWindow.loadURL(APP_START);
  }

  /** Ends the page's process, so that nothing a person saw stays in memory, and begins a fresh one. */
  purge(): void {
    if (this.browserWindow.isDestroyed() || this.#purging) return;
    this.#purging = true;
    this.browserWindow.webContents.forcefullyCrashRenderer();
  }

  send(event: StationEvent): void {
    if (this.browserWindow.isDestroyed() || this.browserWindow.webContents.isCrashed()) return;
    this.browserWindow.webContents.send(EVENT_CHANNEL, event);
  }

  bringToFront(): void {
    if (this.browserWindow.isMinimized()) this.browserWindow.restore();
    this.browserWindow.show();
    this.browserWindow.focus();
  }

  #comeBack(): void {
    if (!this.#purging) {
      const now = Date.now();
      this.#crashes = [...this.#crashes.filter((at) => at > now - CRASH_MEMORY_MS), now];
      if (this.#crashes.length > CRASHES_BEFORE_GIVING_UP) {
        dialog.showErrorBox(
          'Photodock',
          'The window keeps failing and is closed. The station goes on working; no picture is lost.',
        );
        app.quit();
        return;
      }
    }
    this.#purging = false;
    if (!this.browserWindow.isDestroyed()) this.browserWindow.webContents.reload();
  }
}
