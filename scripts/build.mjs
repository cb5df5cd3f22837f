// Builds main, preload and window into out/, when their sources changed since the last time.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isMain, root, run, say, since, toolEnvironment } from './toolchain.mjs';

const sources = ['main', 'preload', 'renderer', 'shared', 'resources', 'electron.vite.config.ts', 'package-lock.json'];
const stamp = path.join(root, 'out', '.built-from');

/** Builds if needed; resolves to true when `out/` is right. */
export async function build() {
  const now = sourceHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
    say('build: out/ is up to date');
    return true;
  }
  const started = Date.now();
  const code = await run('electron-vite', ['build', '--logLevel', 'warn'], { env: toolEnvironment() });
  if (code === 0) writeFileSync(stamp, now);
  say(`build: ${code === 0 ? 'done' : 'FAILED'} (${since(started)})`);
  return code === 0;
}

function sourceHash() {
  const hash = createHash('sha256');
  const add = (name) => {
    const full = path.join(root, name);
    if (statSync(full).isDirectory())
      return readdirSync(full)
        .sort()
        .forEach((child) => add(path.join(name, child)));
    hash.update(`${name}\0`).update(readFileSync(full));
  };
  sources.forEach(add);
  return hash.digest('hex');
}

if (isMain(import.meta)) process.exit((await build()) ? 0 : 1);
