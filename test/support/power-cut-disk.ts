import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why this machine cannot cut the power of a disk, or null. */
export async function whyNoPowerCut(folder: string): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'only root may mount a file system image';
  try {
    const disk = await PowerCutDisk.open(folder);
    await disk.close();
    return null;
  } catch (error) {
    return `an ext4 image cannot be mounted: ${(error as Error).message.split('\n')[0]}`;
  }
}

/**
 * A real ext4 file system whose power can be cut. It lies in an image file behind a loop device; what was written and not synced is in
 * the kernel's cache of the mounted file system and not yet in the image. `cut` copies the image as it is and goes on from the
 * copy: everything unsynced is gone, the journal is replayed, exactly as after a real cut. The kernel's own writing back is put off
 * by the mount options, so that what lasts is what somebody synced.
 */
export class PowerCutDisk {
  /** Where it is mounted: the same place before and after a cut. */
  readonly folder: string;
  readonly #images: string;
  #number = 0;

  private constructor(folder: string, images: string) {
    this.folder = folder;
    this.#images = images;
  }

  static async open(base: string, megabytes = 64): Promise<PowerCutDisk> {
    const disk = new PowerCutDisk(path.join(base, 'disk'), base);
    await mkdir(disk.folder, { recursive: true });
    await run('truncate', ['-s', `${megabytes}M`, disk.#image]);
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-J', 'size=4', '-E', 'lazy_itable_init=1', disk.#image]);
    await disk.#mount();
    return disk;
  }

  get #image(): string {
    return path.join(this.#images, `disk-${this.#number}.img`);
  }

  async #mount(): Promise<void> {
    await run('mount', ['-o', 'loop,noatime,commit=600', this.#image, this.folder]);
  }

  /** Cuts the power. Nobody may have a file open any more: the process that worked there was killed first. */
  async cut(): Promise<void> {
    const before = this.#image;
    this.#number += 1;
    await run('cp', ['--sparse=always', before, this.#image]);
    // Only now may the old mount write back what it had not: nobody looks at that image again.
    await unmount(this.folder);
    await rm(before);
    await this.#mount();
  }

  async close(): Promise<void> {
    await unmount(this.folder);
    await rm(this.#image, { force: true });
  }
}

/** The imaging process of a killed station takes a moment to see that it is alone. */
async function unmount(folder: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const busy = await run('umount', [folder]).then(
      () => false,
      () => true,
    );
    if (!busy) return;
    await pause(20);
  }
  await run('umount', ['-l', folder]);
  throw new Error('somebody kept a file open on the disk whose power was cut');
}

/** Makes everything on the file system of a folder durable: what a test prepared is not what it tests. */
export async function syncFolder(folder: string): Promise<void> {
  await run('sync', ['-f', folder]);
}
