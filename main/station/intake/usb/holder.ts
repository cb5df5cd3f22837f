import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const RELEASE_LIMIT_MS = 10_000;

/**
 * The name of the program that has a device open, from the links of /proc (proc(5), `/proc/pid/fd`); null when it cannot be told: another
 * person's program, or a system without /proc.
 * @param proc where /proc is
 */
export async function holderOf(bus: number, address: number, proc = '/proc'): Promise<string | null> {
  const padded = (value: number) => String(value).padStart(3, '0');
  const node = `/dev/bus/usb/${padded(bus)}/${padded(address)}`;
  const names = await fs.readdir(proc).catch(() => []);
  for (const pid of names) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const descriptors = await fs.readdir(path.join(proc, pid, 'fd')).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await fs.readlink(path.join(proc, pid, 'fd', descriptor)).catch(() => null);
      if (target !== node) continue;
      const name = await fs.readFile(path.join(proc, pid, 'comm'), 'utf8').catch(() => '');
      // The name of a program, and nothing that could be more.
      return name.replaceAll(/[^\w.+-]/g, '').slice(0, 32) || null;
    }
  }
  return null;
}

/**
 * Asks the desktop (gvfs) to let go of all cameras and phones; devices.md 2.3. Only where station.json says `devices.takeFromDesktop`.
 * @returns whether there was somebody to ask
 */
export async function releaseFromDesktop(): Promise<boolean> {
  const options = { timeout: RELEASE_LIMIT_MS };
  const released = await Promise.all(
    ['gphoto2', 'mtp'].map((scheme) =>
      run('gio', ['mount', '-s', scheme], options).then(
        () => true,
        () => false,
      ),
    ),
  );
  return released.includes(true);
}
