import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { electronPath } from '../../scripts/electron-runtime.mjs';
import { FakeDoor } from '../support/fake-door.ts';
import {
  answerFolderDialog,
  answerSaveDialog,
  appFolder,
  cleanEnvironment,
  launchApp,
  launchArguments,
  withoutSandbox,
} from './support/launch.ts';
import type { LaunchedApp } from './support/launch.ts';

// The running app is asked how it is locked down (the twenty points of Electron's security guide), and each lock is tried.
// The door behind it is a scripted one: nothing here depends on what a station can do.

const TOKEN = 'session-token-that-no-page-may-see';
const PATIENT = 'Zwölfaxinger^Hardening';
const DOCKING = 'docking-0001';
/** A valid 1x1 PNG, followed by a text to look for. */
const PICTURE_MARK = 'picture-bytes-that-must-not-reach-the-disk';
const PICTURE = Buffer.concat([
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
  Buffer.from(PICTURE_MARK),
]);

test.describe.configure({ mode: 'serial' });

let dataDir: string;
let door: FakeDoor;
let launched: LaunchedApp;

test.beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pd-h-'));
  door = new FakeDoor(dataDir);
  const person = { id: 'person-0001', login: 'lead', displayName: 'Lead', role: 'lead', disabled: false };
  const station = { stationName: 'S', department: 'D', practice: false, version: '0.1.0' };
  const peer = { configured: false, ok: null, checkedAt: null, code: null };
  door.answers.set('session.current', (_input, session) => ({
    ok: true,
    value: {
      ...station,
      store: 'open',
      practicePeople: [],
      person: session === TOKEN ? person : null,
      may: ['see'],
    },
  }));
  door.answers.set('station.info', () => ({
    ok: true,
    value: { ...station, institution: 'I', lockAfterMinutes: 10, archive: peer, worklist: peer },
  }));
  door.answers.set('session.signIn', () => ({ ok: true, value: { sessionToken: TOKEN, person } }));
  door.answers.set('session.lock', () => ({ ok: true, value: {} }));
  door.answers.set('worklist.scan', () => ({ ok: true, value: { match: 'none', items: [], said: PATIENT } }));
  door.answers.set('dock.folder', () => ({ ok: true, value: { dockingId: DOCKING } }));
  door.answers.set('certificate.html', () => ({
    ok: true,
    value: { html: `<html><body><h1>${PATIENT}</h1><script>document.body.append('scripted')</script></body></html>` },
  }));
  door.pictures.set('capture-0001/thumb', { status: 200, contentType: 'image/png', bytes: PICTURE });
  door.pictures.set('capture-0002/thumb', { status: 200, contentType: 'image/svg+xml', bytes: Buffer.from('<svg/>') });
  await door.open();
  launched = await launchApp({ dataDir });
});

test.afterAll(async () => {
  await launched.stop();
  await door.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs in the page, in a task of its own: there the page's policy holds, which the debugger's evaluation is exempt from. */
function inPage(code: string): Promise<unknown> {
  return launched.page.evaluate(
    (text) =>
      new Promise((resolve) => {
        const run = Object.getPrototypeOf(async () => undefined).constructor(text) as () => Promise<unknown>;
        setTimeout(() => void run().then(resolve, (error: unknown) => resolve(`refused: ${String(error)}`)));
      }),
    code,
  );
}

/** Tries to show a picture: 'shown' or 'refused'. */
function showPicture(address: string): Promise<unknown> {
  return inPage(`return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve('shown');
    image.onerror = () => resolve('refused');
    image.src = ${JSON.stringify(address)};
  })`);
}

test('every page has the locked-down preferences', async () => {
  const preferences = await launched.app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => {
      const all = (contents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
      return Object.fromEntries(Object.entries(all).filter(([, value]) => typeof value === 'boolean'));
    }),
  );
  expect(preferences).toHaveLength(1);
  expect(preferences[0]).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
  });
});

test("the page's process is in Chromium's sandbox", async () => {
  test.skip(withoutSandbox(), 'this machine or user cannot run the sandbox');
  test.skip(process.platform !== 'linux', 'read from /proc');
  const pid = await launched.app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.getOSProcessId());
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  expect(command).toContain('--type=renderer');
  expect(command).not.toContain('--no-sandbox');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  expect(status).toMatch(/^Seccomp:\s+2$/m);
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
});

test('the page has no Node and no Electron, only the bridge', async () => {
  const names = ['require', 'process', 'module', 'global', 'Buffer', 'electron', 'ipcRenderer'];
  expect(await launched.page.evaluate((all) => all.filter((name) => name in globalThis), names)).toEqual([]);
  const bridge = await launched.page.evaluate(() => {
    const { photodock } = globalThis as unknown as { photodock: Record<string, unknown> };
    return { keys: Object.keys(photodock).toSorted(), frozen: Object.isFrozen(photodock) };
  });
  expect(bridge).toEqual({
    keys: ['call', 'onEvent', 'pickFolder', 'platform', 'printCertificate', 'saveCertificate', 'sendFrame', 'version'],
    frozen: true,
  });
});

test('the policy comes with the page and is enforced', async () => {
  const header = await inPage(`return (await fetch('app://station/')).headers.get('content-security-policy')`);
  expect(header).toContain("default-src 'none'; script-src 'self'");
  expect(header).toContain("require-trusted-types-for 'script'");

  expect(await inPage(`return globalThis.eval('1 + 1')`)).toMatch(/refused: EvalError/);
  expect(
    await inPage(`document.body.append(Object.assign(document.createElement('div'), { innerHTML: '<b>x</b>' }))`),
  ).toMatch(/refused: TypeError/);
  expect(await inPage(`const box = document.createElement('div'); box.innerHTML = ''; return 'emptied'`)).toBe(
    'emptied',
  );
  expect(await inPage(`trustedTypes.createPolicy('mine', { createHTML: (text) => text })`)).toMatch(
    /refused: TypeError/,
  );
  const violated = `return new Promise((resolve) => {
    document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
    ACT
  })`;
  const inline = `const style = document.createElement('style'); style.textContent = 'b{}'; document.head.append(style);`;
  expect(await inPage(violated.replace('ACT', inline))).toBe('style-src-elem');
  const remote = `const image = new Image(); image.src = 'https://127.0.0.1:9/x.png';`;
  expect(await inPage(violated.replace('ACT', remote))).toBe('img-src');
  const frame = `const frame = document.createElement('iframe'); frame.src = 'https://127.0.0.1:9/'; document.body.append(frame);`;
  expect(await inPage(violated.replace('ACT', frame))).toBe('frame-src');
});

test('neither network nor file system can be fetched', async () => {
  for (const address of ['http://127.0.0.1:9/', 'https://127.0.0.1:9/', 'file:///etc/hostname']) {
    expect(await inPage(`return (await fetch('${address}')).status`), address).toMatch(/refused: TypeError/);
  }
  const wall = await launched.app.evaluate(async ({ session }) => {
    const tried = session.fromPartition('workstation').fetch('http://127.0.0.1:9/');
    return tried.then(
      () => 'reached',
      (error: unknown) => String(error),
    );
  });
  expect(wall).toContain('ERR_BLOCKED_BY_CLIENT');
});

test('every permission is denied', async () => {
  expect(await inPage(`return isSecureContext`)).toBe(true);
  expect(
    await inPage(`return new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(() => resolve('given'), (error) => resolve(error.code)))`),
  ).toBe(1);
  expect(await inPage(`return await Notification.requestPermission()`)).toBe('denied');
  expect(await inPage(`await navigator.mediaDevices.getUserMedia({ video: true })`)).toMatch(
    /refused: Not(Allowed|Found)Error/,
  );
  expect(await inPage(`await navigator.mediaDevices.getDisplayMedia({ video: true })`)).toMatch(/refused: /);
  expect(await inPage(`await navigator.clipboard.readText()`)).toMatch(/refused: NotAllowedError/);
  for (const name of ['camera', 'microphone', 'geolocation', 'notifications', 'midi', 'clipboard-read']) {
    expect(await inPage(`return (await navigator.permissions.query({ name: '${name}' })).state`), name).toBe('denied');
  }
});

test('no window opens and no webview attaches', async () => {
  expect(await inPage(`return window.open('https://127.0.0.1:9/')`)).toBeNull();
  expect(await inPage(`return window.open('app://station/')`)).toBeNull();
  expect(
    await inPage(`const view = document.createElement('webview'); view.setAttribute('src', 'app://station/');
      document.body.append(view); return typeof view.getWebContentsId`),
  ).toBe('undefined');
  expect(await launched.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
});

test('the page cannot navigate away', async () => {
  const { page, app } = launched;
  const go = (address: string) => inPage(`setTimeout(() => location.assign('${address}'))`);
  for (const address of ['https://127.0.0.1:9/', 'app://elsewhere/']) {
    const refused = app.evaluate(
      ({ webContents }) =>
        new Promise((resolve) => {
          const contents = webContents.getAllWebContents()[0];
          contents?.once('will-frame-navigate', (event) => setImmediate(() => resolve(event.defaultPrevented)));
        }),
    );
    await go(address);
    expect(await refused, address).toBe(true);
    expect(page.url()).toBe('app://station/');
  }
  // Chromium refuses these two itself.
  for (const [address, words] of [
    ['file:///etc/passwd', 'Not allowed to load local resource'],
    ['data:text/html,x', 'Not allowed to navigate top frame to data URL'],
  ] as const) {
    const said = page.waitForEvent('console', (message) => message.text().includes(words));
    await go(address);
    await said;
    expect(page.url()).toBe('app://station/');
  }
});

test('nothing is downloaded', async () => {
  const prevented = launched.app.evaluate(
    ({ session }) =>
      new Promise((resolve) => {
        session
          .fromPartition('workstation')
          .once('will-download', (event) => setImmediate(() => resolve(event.defaultPrevented)));
      }),
  );
  await inPage(
    `const link = document.createElement('a'); link.href = 'app://station/'; link.download = 'x.html'; link.click()`,
  );
  expect(await prevented).toBe(true);
});

test('the session lives in memory only, and the title says nothing', async () => {
  const found = await launched.app.evaluate(async ({ BrowserWindow, Menu, app }) => {
    const window = BrowserWindow.getAllWindows()[0];
    const own = window?.webContents.session;
    const roles = (menu: Electron.Menu | null | undefined): string[] =>
      (menu?.items ?? []).flatMap((item) => [String(item.role), ...roles(item.submenu)]);
    return {
      persistent: own?.isPersistent(),
      storage: own?.getStoragePath(),
      cached: await own?.getCacheSize(),
      spelling: own?.isSpellCheckerEnabled(),
      title: window?.getTitle(),
      profile: app.getPath('userData'),
      roles: roles(Menu.getApplicationMenu()).map((role) => role.toLowerCase()),
    };
  });
  expect(found).toMatchObject({ persistent: false, storage: null, cached: 0, spelling: false, title: 'Photodock' });
  expect(found.profile).toBe(join(dataDir, 'window'));
  for (const role of ['reload', 'forcereload', 'toggledevtools']) expect(found.roles).not.toContain(role);
});

test('the relay refuses a window that is not ours, even with our page and our bridge in it', async () => {
  const answer = await launched.app.evaluate(
    async ({ BrowserWindow, session }, preload) => {
      const foreign = new BrowserWindow({
        show: false,
        webPreferences: {
          session: session.fromPartition('workstation'),
          preload,
          sandbox: true,
          contextIsolation: true,
        },
      });
      await foreign.loadURL('app://station/');
      const said: unknown = await foreign.webContents.executeJavaScript(
        `photodock.call('session.current', {}).then(() => 'answered', String)`,
      );
      foreign.destroy();
      return said;
    },
    join(appFolder(), 'out', 'preload', 'index.cjs'),
  );
  expect(answer).toContain('refused');
});

test('a frame inside the page has no bridge', async () => {
  const found = await inPage(`const frame = document.createElement('iframe'); document.body.append(frame);
    const found = typeof frame.contentWindow.photodock; frame.remove(); return found`);
  expect(found).toBe('undefined');
});

test('the page works for a person whose token it never sees', async () => {
  const { page, app } = launched;
  expect(await showPicture('image://view/capture-0001/thumb')).toBe('refused');
  const signedIn = await inPage(
    `return JSON.stringify(await photodock.call('session.signIn', { login: 'lead', password: 'x' }))`,
  );
  expect(signedIn).toContain('person-0001');
  expect(signedIn).not.toContain('oken');
  expect(await showPicture('image://view/capture-0001/thumb')).toBe('shown');
  expect(await showPicture('image://view/capture-0002/thumb')).toBe('refused');
  await inPage(
    `document.body.dataset.said = JSON.stringify(await photodock.call('worklist.scan', { code: '1' })); document.title = document.body.dataset.said`,
  );
  expect(door.calls.at(-1)).toMatchObject({ name: 'worklist.scan', session: TOKEN });
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())).toBe('Photodock');

  // The whole memory of the page, as the debugger sees it: it holds what the page was told, and no token.
  const debug = await page.context().newCDPSession(page);
  const memory: string[] = [];
  debug.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => memory.push(chunk));
  await debug.send('HeapProfiler.takeHeapSnapshot');
  await debug.detach();
  expect(memory.join('')).toContain('Hardening');
  expect(memory.join('')).not.toContain(TOKEN);
});

test('a picked folder is docked without the page learning its path', async () => {
  await answerFolderDialog(launched.app, '/media/card-of-somebody');
  expect(await inPage(`return await photodock.pickFolder()`)).toEqual({ ok: true, value: { dockingId: DOCKING } });
  expect(door.calls.at(-1)).toEqual({
    name: 'dock.folder',
    input: { path: '/media/card-of-somebody' },
    session: TOKEN,
  });
  expect(await inPage(`return await photodock.call('dock.folder', { path: '/' })`)).toMatchObject({ ok: false });
});

test('the certificate is printed to where the person says, and its page runs no script', async () => {
  const file = join(dataDir, 'printed.pdf');
  await answerSaveDialog(launched.app, file);
  expect(await inPage(`return await photodock.printCertificate('${DOCKING}')`)).toEqual({ ok: true, value: {} });
  const { stdout: text } = await promisify(execFile)('pdftotext', [file, '-']);
  expect(text).toContain('Hardening');
  expect(text).not.toContain('scripted');
  expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await rm(file);
});

test('locking ends the process that showed patients, forgets the person and shows no more pictures', async () => {
  const pid = () => launched.app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.getOSProcessId());
  const before = await pid();
  await launched.pageAfterPurge(() => inPage(`await photodock.call('session.lock', {})`));
  expect(await pid()).not.toBe(before);
  expect(door.calls.filter((call) => call.name === 'session.lock')).toEqual([
    { name: 'session.lock', input: {}, session: TOKEN },
  ]);
  expect(await showPicture('image://view/capture-0001/thumb')).toBe('refused');
  await inPage(`return await photodock.call('worklist.scan', { code: '2' })`);
  expect(door.calls.at(-1)).toMatchObject({ name: 'worklist.scan', session: null });
});

test('nobody at the machine: the window locks by itself', async () => {
  await inPage(`await photodock.call('session.signIn', { login: 'lead', password: 'x' })`);
  await launched.pageAfterPurge(() =>
    launched.app.evaluate(({ powerMonitor }) => {
      powerMonitor.getSystemIdleState = () => 'locked';
    }),
  );
  await launched.app.evaluate(({ powerMonitor }) => {
    powerMonitor.getSystemIdleState = () => 'active';
  });
  expect(door.calls.filter((call) => call.name === 'session.lock')).toHaveLength(2);
});

test('a page that empties itself is brought back', async () => {
  const back = launched.app.evaluate(
    ({ webContents }) =>
      new Promise<string[]>((resolve) => {
        const seen: string[] = [];
        const contents = webContents.getAllWebContents()[0];
        contents?.on('did-navigate', (_event, address) => seen.push(address));
        contents?.on('did-finish-load', () => seen.at(-1) === 'app://station/' && resolve(seen));
      }),
  );
  await inPage(`setTimeout(() => location.assign('about:blank'))`);
  expect(await back).toEqual(['about:blank', 'app://station/']);
});

test('a second window on the same data folder gives way to the first', async () => {
  await promisify(execFile)(electronPath(), launchArguments({ dataDir }), { env: cleanEnvironment() });
  expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('no picture and no word of a patient is left in the profile, and nothing was said', async () => {
  expect(launched.output()).not.toContain('Hardening');
  await launched.closeWindow();
  const profile = join(dataDir, 'window');
  const files = (await readdir(profile, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const bytes = await readFile(join(file.parentPath, file.name));
    for (const trace of [PICTURE_MARK, 'Hardening', TOKEN]) {
      expect(bytes.includes(trace) || bytes.includes(Buffer.from(trace, 'utf16le')), `${file.name}: ${trace}`).toBe(
        false,
      );
    }
  }
});
