// What every script here shares: where the checkout is, which Node runs the product, and how a command is run.
// Plain Node 20, no dependency: this file is read before anything is installed.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const modules = path.join(root, 'node_modules');
const localBinaries = path.join(modules, '.bin');

/** The npm package that brings Node 26 on this platform, as an absolute folder. */
export const nodePackage = path.join(modules, `node-${process.platform}-${process.arch}`);

/** The Node that runs the product: the pinned one from npm; elsewhere this very process, if it is new enough. */
export function productNode() {
  const pinned = path.join(nodePackage, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  throw new Error(`Node 26 is missing (${pinned}): run "npm run setup"`);
}

/** The environment in which the local tools and Node 26 come first. */
export function toolEnvironment(extra = {}) {
  return { ...process.env, PATH: [localBinaries, path.dirname(productNode()), process.env.PATH].join(':'), ...extra };
}

/** `toolEnvironment` for runs that start stations by the hundred: a third of the processor time of a start is compiling the same files. */
export function manyStartsEnvironment() {
  return toolEnvironment({ NODE_COMPILE_CACHE: path.join(root, '.runtime', 'compile-cache') });
}

/** The environment without our own tools: for npm itself, which may be about to replace them. */
export function bareEnvironment(extra = {}) {
  const search = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  return { ...process.env, PATH: search.join(':'), ...extra };
}

/** One plain line to the person at the terminal. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Time since `from` in words a person reads: "4.2 s", "2 min 05 s". */
export function since(from) {
  const seconds = (Date.now() - from) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`;
}

/**
 * Runs a command with our terminal and resolves to its exit code (128 + signal when it was killed). A signal sent to us is passed on, so
 * that nothing is left running behind a cancelled test.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const pass = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    const settle = (done) => {
      for (const signal of signals) process.off(signal, pass);
      done();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code, signal) => settle(() => resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : 15))));
  });
}

/** Runs a short command quietly; resolves to its status and everything it said. */
export function ask(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options });
  return { ok: result.status === 0, out: result.stdout ?? '', err: result.stderr ?? String(result.error ?? '') };
}

/** As `ask`, while other things go on. */
export function askMeanwhile(command, args, options = {}) {
  return new Promise((resolve) => {
    const limits = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options };
    execFile(command, args, limits, (error, out, err) =>
      resolve({ ok: error === null, out, err: err || String(error ?? '') }),
    );
  });
}

/** True when this file was started by `node scripts/that-file.mjs`. */
export function isMain(meta) {
  return process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(meta.url);
}
