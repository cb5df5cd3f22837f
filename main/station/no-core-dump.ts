import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Forbids core dumps of this process and of every child it will have: one would hold the key and opened pictures in the
 * clear, in the data folder. Linux only; macOS and Windows write none unless told to.
 * @returns false when it could not be done (no `prlimit` of util-linux)
 */
export async function forbidCoreDumps(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  return run('prlimit', ['--core=0:0', '--pid', String(process.pid)]).then(
    () => true,
    () => false,
  );
}
