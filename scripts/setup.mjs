// Makes a fresh Debian 12 machine with Node 20, npm and git ready for Photodock. Safe to run again: every step is skipped when it is
// already right. Plain Node 20, no dependency.
//   npm run setup                what `npm start` needs
//   npm run setup -- --tests     what `npm test` needs too
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { productPackages, testPackages } from './debian-packages.mjs';
import { provideElectron } from './electron-runtime.mjs';
import {
  ask,
  askMeanwhile,
  bareEnvironment,
  isMain,
  nodePackage,
  productNode,
  root,
  run,
  say,
  since,
  toolEnvironment,
} from './toolchain.mjs';

/** Set-up cannot go on until a person does something; the message says what. */
export class SetupNeeded extends Error {
  exitCode = 2;
}

/** Runs every step; `meanwhile`, which needs the npm packages only, beside the last. Throws SetupNeeded when a person has to act first. */
export async function setup({ forTests, meanwhile }) {
  await debianPackages(forTests ? [...productPackages, ...testPackages] : productPackages);
  await npmPackages();
  // The compiler keeps one core busy: the other is free for the rest.
  const ends = await Promise.allSettled([nativeDriver(), provideElectron(), meanwhile?.()]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function debianPackages(wanted) {
  if (!existsSync('/usr/bin/dpkg-query')) {
    say('packages: this is no Debian system; it is up to you that these are there: ' + wanted.join(' '));
    return;
  }
  const listed = ask('dpkg-query', ['-W', '-f=${db:Status-Status} ${Package}\\n']).out;
  const installed = new Set(
    listed
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.slice(10)),
  );
  const missing = wanted.filter((names) => !names.split('|').some((name) => installed.has(name)));
  if (missing.length === 0) return say(`packages: all ${wanted.length} Debian packages are there`);
  if (process.getuid?.() !== 0) {
    const names = missing.map((alternatives) => alternatives.split('|')[0]).join(' ');
    throw new SetupNeeded(
      `Debian packages are missing. Paste this, then run the same command again:\n\n` +
        `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}\n`,
    );
  }
  const started = Date.now();
  say(`packages: installing ${missing.length} of ${wanted.length}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-qq'];
  await quietly('apt-get', [...wait, 'update'], env);
  const known = (name) => ask('apt-cache', ['show', name]).ok;
  const names = missing.map((alternatives) => alternatives.split('|').find(known) ?? alternatives.split('|')[0]);
  await quietly('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...names], env);
  say(`packages: installed ${names.join(' ')} in ${since(started)}`);
}

async function npmPackages() {
  if (modulesMatchLock()) return say('npm: node_modules matches package-lock.json');
  const started = Date.now();
  say('npm: installing what package-lock.json names');
  // Not `npm ci`: it refuses a lock file that lacks binaries for other platforms, and some registries do not hold all of oxlint's.
  // The check behind it is as strict: every version and hash must be the locked one. Install scripts stay off; the two we need (the
  // driver's build, Electron's download) are steps of their own below.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run('npm', args, { env: bareEnvironment() });
  if (code !== 0) throw new Error(`npm install failed (exit ${code})`);
  if (!modulesMatchLock()) throw new Error('npm installed something else than package-lock.json names');
  say(`npm: installed in ${since(started)}`);
}

/** Compares package-lock.json with the list npm itself leaves in node_modules. */
export function modulesMatchLock() {
  const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined);
  const lock = read(path.join(root, 'package-lock.json'));
  const installed = read(path.join(root, 'node_modules', '.package-lock.json'));
  if (!lock || !installed) return false;
  const same = Object.entries(lock).every(([name, wanted]) => {
    if (name === '') return true;
    if (installed[name])
      return installed[name].version === wanted.version && installed[name].integrity === wanted.integrity;
    return wanted.optional === true || wanted.devOptional === true || wanted.peer === true;
  });
  return (
    same &&
    Object.keys(installed).every((name) => lock[name]) &&
    (process.platform !== 'linux' || existsSync(nodePackage))
  );
}

async function nativeDriver() {
  const node = productNode();
  const loads = () => ask(node, ['-e', "require('@journeyapps/sqlcipher')"]);
  if (process.platform === 'win32') return; // the Windows driver comes built (better-sqlite3-multiple-ciphers)
  if (loads().ok) return say('driver: SQLCipher loads');
  const started = Date.now();
  say('driver: building SQLCipher, about two minutes, once');
  // Our own headers, named explicitly: a machine's npm configuration may name others, and fetching them needs nodejs.org.
  await quietly(
    'npm',
    ['rebuild', '@journeyapps/sqlcipher', `--nodedir=${nodePackage}`, '--foreground-scripts'],
    toolEnvironment({ JOBS: 'max' }),
  );
  const now = loads();
  if (!now.ok) throw new Error(`SQLCipher was built but does not load: ${now.err.trim()}`);
  say(`driver: SQLCipher built in ${since(started)}`);
}

/** Runs a talkative command; shows what it said only when it fails. */
async function quietly(command, args, env) {
  const result = await askMeanwhile(command, args, { env });
  if (!result.ok) throw new Error(`${command} ${args.join(' ')} failed:\n${result.out}\n${result.err}`);
}

if (isMain(import.meta)) {
  try {
    await setup({ forTests: process.argv.includes('--tests') });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode ?? 1);
  }
}
