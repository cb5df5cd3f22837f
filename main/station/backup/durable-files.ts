import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { passing } from '#durable';

/** Makes the names in a folder last. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder (0700) that lasts, in a folder that exists. One that is there already is left as it is. */
export async function makeFolder(folder: string): Promise<void> {
  const made = await fs.mkdir(folder, { mode: 0o700 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (made) await syncFolder(path.dirname(folder));
}

/** Writes a whole file or nothing: beside it, flushed, renamed, folder flushed. */
export async function writeDurably(file: string, bytes: string | Uint8Array): Promise<void> {
  const part = `${file}.part`;
  const handle = await fs.open(part, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  passing(`before ${path.basename(file)}`);
  await fs.rename(part, file);
  await syncFolder(path.dirname(file));
  passing(`${path.basename(file)} done`);
}

const PIECE_BYTES = 1 << 20;

/** Reads a file piece by piece through SHA-256; with `onPiece` for each piece. */
export async function hashFile(
  file: string,
  onPiece: (piece: Uint8Array) => Promise<unknown> = () => Promise.resolve(),
  signal?: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  const handle = await fs.open(file, 'r');
  try {
    const buffer = new Uint8Array(PIECE_BYTES);
    let bytes = 0;
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return { sha256: hash.digest('hex'), bytes };
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      await onPiece(piece);
      bytes += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** Copies a file durably and answers what was copied. */
export async function copyDurably(
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  const part = `${to}.part`;
  const handle = await fs.open(part, 'w', 0o600);
  let copied;
  try {
    copied = await hashFile(from, (piece) => handle.writeFile(piece), signal);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  passing(`before ${path.basename(to)}`);
  await fs.rename(part, to);
  await syncFolder(path.dirname(to));
  passing(`${path.basename(to)} done`);
  return copied;
}

/** Size of a file, or null when there is none. */
export async function sizeOf(file: string): Promise<number | null> {
  return fs.stat(file).then(
    (found) => (found.isFile() ? found.size : null),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error;
    },
  );
}

/** Does it for every element, a few at a time, in order of beginning; the first failure ends it. */
export async function forEachOf<T>(list: readonly T[], width: number, work: (one: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  const lane = async () => {
    for (const one of rest) await work(one);
  };
  const ended = await Promise.allSettled(Array.from({ length: width }, lane));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
