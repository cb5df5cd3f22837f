import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { _electron, chromium } from '@playwright/test';
import type { Browser, ElectronApplication, Page } from '@playwright/test';
import { readDoorFile } from '../../../main/client/index.ts';
import { electronPath } from '../../../scripts/electron-runtime.mjs';

export interface LaunchOptions {
  readonly dataDir: string;
  readonly configFile?: string;
  /** A film (.mjpeg, .y4m) that Chromium shows as the one camera of the machine, instead of real ones. */
  readonly cameraFilm?: string;
  /** More environment for the app and the station it starts. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The built app under test: the repository's own `out/`, unless PHOTODOCK_E2E_APP names another folder with a package.json. */
export function appFolder(): string {
  return process.env['PHOTODOCK_E2E_APP'] ?? resolve(import.meta.dirname, '..', '..', '..');
}

/** True when Chromium's sandbox cannot run here: as root, or where `npm test` has found user namespaces closed. */
export function withoutSandbox(): boolean {
  return process.getuid?.() === 0 || process.env['PHOTODOCK_NO_SANDBOX'] === '1';
}

/** What starts the app on a data folder, apart from the binary. */
export function launchArguments({ dataDir, configFile, cameraFilm }: LaunchOptions): string[] {
  return [
    ...(withoutSandbox() ? ['--no-sandbox'] : []),
    ...(cameraFilm === undefined
      ? []
      : ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${cameraFilm}`]),
    appFolder(),
    `--data=${dataDir}`,
    ...(configFile === undefined ? [] : [`--config=${configFile}`]),
  ];
}

/** Starts the real app on a data folder, with a profile of its own (it lives in the data folder), and waits for its page. */
export async function launchApp(options: LaunchOptions): Promise<LaunchedApp> {
  const app = await _electron.launch({
    executablePath: electronPath(),
    args: launchArguments(options),
    // Playwright adds --no-sandbox unless told that the sandbox works.
    chromiumSandbox: !withoutSandbox(),
    env: { ...cleanEnvironment(), ...options.env },
  });
  const launched = new LaunchedApp(app, options.dataDir, await app.firstWindow());
  await launched.page.waitForLoadState('load');
  return launched;
}

/** A running app under test. */
export class LaunchedApp {
  readonly app: ElectronApplication;
  readonly dataDir: string;
  /** The window's page. After a purge (lock, sign-out) it is another one: see `pageAfterPurge`. */
  page: Page;
  #output = '';
  #overCdp: Browser | null = null;

  constructor(app: ElectronApplication, dataDir: string, page: Page) {
    this.app = app;
    this.dataDir = dataDir;
    this.page = page;
    app.process().stdout?.on('data', (text) => (this.#output += String(text)));
    app.process().stderr?.on('data', (text) => (this.#output += String(text)));
  }

  /** Everything the app has written to its standard output and error since it was launched. */
  output(): string {
    return this.#output;
  }

  /**
   * Does what makes the window lock or sign out, waits for the fresh page, and gives it back. The shell ends the page's
   * process then, and Playwright never takes up a page again that crashed: we look at the new one over CDP.
   */
  async pageAfterPurge(doIt: () => Promise<unknown>): Promise<Page> {
    const reloaded = this.app.evaluate(
      ({ BrowserWindow }) =>
        new Promise<string>((done) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents;
          contents?.once('render-process-gone', () => contents.once('did-finish-load', () => done(contents.getURL())));
        }),
    );
    // The call that leads to the purge is never answered: its page is gone.
    await doIt().catch(() => undefined);
    const address = await reloaded;
    await this.#overCdp?.close();
    this.#overCdp = await chromium.connectOverCDP(`http://127.0.0.1:${await debuggingPort(this.dataDir)}`);
    const pages = this.#overCdp.contexts().flatMap((context) => context.pages());
    // The page may have gone to another of its places meanwhile: those differ behind the '#' only.
    const place = (url: string): string | undefined => url.split('#')[0];
    const page = pages.find((candidate) => place(candidate.url()) === place(address));
    if (page === undefined) throw new Error('the window has no page after the purge');
    this.page = page;
    return page;
  }

  /** Closes the window; the station lives on. */
  async closeWindow(): Promise<void> {
    await this.#overCdp?.close();
    await this.app.close();
  }

  /** Closes the window and ends the station of the data folder. */
  async stop(): Promise<void> {
    await this.closeWindow();
    await endStation(this.dataDir);
  }
}

/** Chromium writes the port of `--remote-debugging-port=0`, which Playwright asks for, into its profile. */
async function debuggingPort(dataDir: string): Promise<number> {
  const [port] = (await readFile(join(dataDir, 'window', 'DevToolsActivePort'), 'utf8')).split('\n');
  return Number(port);
}

/** Ends the station that runs on a data folder, and waits until it is gone. It was started detached, so nobody else will. */
export async function endStation(dataDir: string): Promise<void> {
  const door = await readDoorFile(dataDir);
  if (door === null || door.pid === process.pid) return;
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; isThere(door.pid, signal); signal = 0) {
    await new Promise((next) => setTimeout(next, 20));
  }
  await rm(join(dataDir, 'run', 'door.json'), { force: true });
}

function isThere(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Answers the app's "save as" dialogs with this path. */
export async function answerSaveDialog(app: ElectronApplication, filePath: string): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
  }, filePath);
}

/** Answers the app's "pick a folder" dialogs with this path. */
export async function answerFolderDialog(app: ElectronApplication, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, folder);
}

/** The environment without what would reach into the app from the test runner. */
export function cleanEnvironment(): Record<string, string> {
  const foreign = /^(NODE_OPTIONS|ELECTRON_RUN_AS_NODE|PHOTODOCK_DATA|PHOTODOCK_CONFIG)$/;
  const entries = Object.entries(process.env).filter(([name, value]) => value !== undefined && !foreign.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}
