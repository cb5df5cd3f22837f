import fs from 'node:fs';
import path from 'node:path';
import { passing } from '#durable';
import { errorCode, PhotodockError } from '../../../../shared/domain/errors.ts';

/** The station's own disk failed, not the medium: EIO means another thing for each of them. A full disk keeps its own code. */
export class OwnDiskError extends PhotodockError {
  constructor(code: 'station-disk' | 'sealed-missing' | 'sealed-unreadable', systemCode: string) {
    super(code, `the disk of the quarantine answered ${systemCode}`, { systemCode });
  }
}

/** Does something with the quarantine's own files. What fails there is told apart from what fails on the medium. */
export function onOwnDisk<T>(code: 'station-disk' | 'sealed-unreadable', work: () => T): T {
  try {
    return work();
  } catch (error) {
    const systemCode = errorCode(error);
    if (error instanceof PhotodockError || systemCode === 'ENOSPC' || systemCode === 'EDQUOT') throw error;
    const missing = code === 'sealed-unreadable' && (systemCode === 'ENOENT' || systemCode === 'ENOTDIR');
    throw new OwnDiskError(missing ? 'sealed-missing' : code, systemCode);
  }
}

function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, fs.constants.O_RDONLY);
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Makes the folders of a sealed file; a new folder lasts only when the folder that names it was synced too. */
function makeFolders(folder: string): void {
  const first = fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) syncFolder(path.dirname(made));
}

function writeAll(descriptor: number, pieces: readonly Uint8Array[]): void {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let written = fs.writevSync(descriptor, [...pieces]);
  if (written === total) return;
  // A short write (signal, nearly full disk): the rest goes out in one piece, or fails by its own error.
  const all = Buffer.concat(pieces, total);
  while (written < total) written += fs.writeSync(descriptor, all, written);
}

/** A new file that is written durably: temporary name, fdatasync, rename, fsync of the folder. Until `finish()` there is none. */
export class DurableFile {
  readonly #target: string;
  readonly #temporary: string;
  readonly #descriptor: number;
  #open = true;

  /** @throws OwnDiskError, NodeJS.ErrnoException (`ENOSPC`, `EDQUOT`) */
  constructor(target: string) {
    this.#target = target;
    this.#temporary = `${target}.part`;
    this.#descriptor = onOwnDisk('station-disk', () => {
      makeFolders(path.dirname(target));
      return fs.openSync(this.#temporary, 'w', 0o600);
    });
    passing('temporary file made');
  }

  put(pieces: readonly Uint8Array[]): void {
    onOwnDisk('station-disk', () => writeAll(this.#descriptor, pieces));
  }

  /** What was put is the file now, and lasts. */
  finish(): void {
    passing('written, not synced');
    onOwnDisk('station-disk', () => {
      const descriptor = this.#descriptor;
      fs.fdatasyncSync(descriptor);
      fs.closeSync(descriptor);
      this.#open = false;
      fs.utimesSync(this.#temporary, 0, 0);
      passing('synced, not renamed');
      fs.renameSync(this.#temporary, this.#target);
      passing('renamed, folder not synced');
      syncFolder(path.dirname(this.#target));
    });
    passing('durable');
  }

  /** Nothing of it stays. */
  abandon(): void {
    if (this.#open) fs.closeSync(this.#descriptor);
    this.#open = false;
    fs.rmSync(this.#temporary, { force: true });
  }
}
