import fs from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../../../shared/domain/errors.ts';
import { linkTo } from './identity.ts';
import { readMounts } from './mount-table.ts';

/** What a root answers when the medium behind it is gone, and not when it is merely bad. */
const GONE = ['ENOENT', 'ENOTDIR', 'ENOTCONN', 'ENODEV', 'ENXIO', 'ENOMEDIUM', 'ESHUTDOWN', 'ECONNABORTED', 'ESTALE'];

/** The kernel's running number of media: a card that is pulled and put back, or changed for its clone, has another. */
async function mediumNumber(device: string): Promise<string | null> {
  const known = await fs.realpath(`/sys/class/block/${path.basename(device)}`).catch(() => null);
  if (known === null) return null;
  for (const folder of [known, path.dirname(known)]) {
    const number = await fs.readFile(path.join(folder, 'diskseq'), 'utf8').catch(() => null);
    if (number !== null) return number.trim();
  }
  return null;
}

/**
 * What tells this connection of a medium from every other one: the mount and its device, the filesystem's UUID and label,
 * and the kernel's number of the medium. A read error of a medium that is still there does not change it.
 * @throws NodeJS.ErrnoException when there is nothing at this root
 */
export async function connectionOf(root: string): Promise<string> {
  const mount = (await readMounts()).findLast((m) => m.mountPoint === root);
  const stat = await fs.stat(root).catch((error: unknown) => {
    if (!mount || GONE.includes(errorCode(error))) throw error;
    return null;
  });
  if (!mount) return JSON.stringify(['folder', stat?.dev, stat?.ino]);
  const device = await fs.realpath(mount.source).catch(() => null);
  return JSON.stringify([
    'volume',
    mount.id,
    mount.device,
    mount.source,
    device,
    device && (await linkTo('/dev/disk/by-uuid', device)),
    device && (await linkTo('/dev/disk/by-label', device)),
    device && (await mediumNumber(device)),
  ]);
}
