import { randomFillSync } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { passing } from '#durable';

/** Enough for a door, a sign-in and a day of filing; pictures have no claim on it. */
const RESERVE_BYTES = 4 << 20;
/** Less free than this, and the next write of the index may fail. */
const FULL_BYTES = 1 << 20;
/** Where less is free than this, the reserve itself would be the trouble. */
const ROOM_TO_MAKE_BYTES = 4 * RESERVE_BYTES;

/**
 * A file that holds a little room of the disk (docs/adr/0018). When the disk is full it is given up, so that the station can still be started, signed
 * in to and asked what is wrong; it is made again when there is room. Sealing stops before the disk is full and never uses it.
 */
export class Reserve {
  readonly #folder: string;
  readonly #file: string;

  constructor(dataFolder: string) {
    this.#folder = dataFolder;
    this.#file = path.join(dataFolder, 'reserve');
  }

  async #freeBytes(): Promise<number> {
    const { bavail, bsize } = await fs.statfs(this.#folder);
    return bavail * bsize;
  }

  /** SQLite calls a full disk a failing one where it cannot make its shared memory: asked afterwards, it is told right. */
  async whyDisk(code: string): Promise<string> {
    const free = code === 'station-disk' ? await this.#freeBytes().catch(() => Infinity) : Infinity;
    return free < FULL_BYTES ? 'station-disk-full' : code;
  }

  /** Gives the reserve up when the disk is full. Answers whether there is room now that was not there before. */
  async makeRoom(): Promise<boolean> {
    if ((await this.#freeBytes()) >= FULL_BYTES) return false;
    return fs.rm(this.#file).then(
      () => true,
      () => false,
    );
  }

  /** Makes the reserve where there is none and the disk has room for it. Failing is no harm. */
  async keep(): Promise<void> {
    const size = await fs.stat(this.#file).then(
      (stat) => stat.size,
      () => 0,
    );
    if (size === RESERVE_BYTES || (await this.#freeBytes()) < ROOM_TO_MAKE_BYTES) return;
    const temporary = `${this.#file}.part`;
    try {
      passing('before reserve');
      // No zeros: a file system could keep them without any room.
      await fs.writeFile(temporary, randomFillSync(Buffer.alloc(RESERVE_BYTES)), { mode: 0o600 });
      await fs.rename(temporary, this.#file);
      passing('reserve made');
    } catch {
      await fs.rm(temporary, { force: true });
    }
  }
}
