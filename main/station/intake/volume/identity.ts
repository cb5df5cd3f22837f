import { createHash } from 'node:crypto';
import type { StatsFs } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { MediumFacts } from '../source.ts';
import type { Mount } from './mount-table.ts';
import { readMounts } from './mount-table.ts';

/** udev escapes odd characters of a label as \xNN. */
const unescapeUdev = (name: string) =>
  name.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/** The name of a device in one of udev's folders of links (`/dev/disk/by-uuid`). */
export async function linkTo(folder: string, device: string): Promise<string | null> {
  const names = await fs.readdir(folder).catch(() => []);
  for (const name of names) {
    const target = await fs.realpath(path.join(folder, name)).catch(() => null);
    if (target === device) return unescapeUdev(name);
  }
  return null;
}

/** Whether the kernel calls the device removable (a stick or reader) or an SD card in a native slot. */
async function kindOf(mount: Mount): Promise<'card' | 'stick'> {
  const sys = await fs.realpath(`/sys/dev/block/${mount.device}`).catch(() => '');
  return /\/usb\d/.test(sys) && !/mmc/.test(sys) ? 'stick' : 'card';
}

/** A medium that answers badly is asked again: its size is a part of what it is known by. */
async function statfsAgain(root: string): Promise<StatsFs | null> {
  for (let attempt = 1; ; attempt += 1) {
    const space = await fs.statfs(root).catch(() => null);
    if (space || attempt === 3) return space;
    await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
  }
}

/**
 * What medium lies at this root: filesystem UUID, label and size for a mount; device and inode for a plain folder.
 * The identity is a digest, so that labels with names in them stay out of logs and keys.
 */
export async function identifyMedium(root: string): Promise<MediumFacts> {
  const mount = (await readMounts()).findLast((m) => m.mountPoint === root);
  const space = mount ? await statfsAgain(root) : null;
  const writable = await fs.access(root, fs.constants.W_OK).then(
    () => true,
    () => false,
  );
  const digest = (...parts: (string | number | null)[]) =>
    createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
  if (!mount) {
    const { dev, ino } = await fs.stat(root);
    return {
      identity: digest('folder', dev, ino),
      kind: 'folder',
      label: path.basename(root),
      filesystem: null,
      sizeBytes: null,
      readOnly: !writable,
      device: null,
    };
  }
  const device = await fs.realpath(mount.source).catch(() => mount.source);
  const uuid = await linkTo('/dev/disk/by-uuid', device);
  const label = await linkTo('/dev/disk/by-label', device);
  const sizeBytes = space ? space.blocks * space.bsize : null;
  return {
    identity: digest('volume', uuid ?? mount.source, label, sizeBytes),
    kind: await kindOf(mount),
    label: label ?? path.basename(root),
    filesystem: mount.filesystem,
    sizeBytes,
    readOnly: mount.readOnly || !writable,
    device: null,
  };
}
