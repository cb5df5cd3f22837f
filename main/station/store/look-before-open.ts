import fs from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from './driver.ts';
import { openConnection, StoreKeyRefusedError, StoreStatementError } from './driver.ts';
import { StoreDamagedError, StoreMissingError, StoreOlderError } from './errors.ts';
import { readHead } from './index-head.ts';
import { fittingPages, PAGE_BYTES, saltOf } from './index-pages.ts';
import { refuseNewer } from './migrations/index.ts';

/** An index up to this size is checked whole before it is opened: about half a second. A larger one is checked by the doctor. */
const CHECKED_WHOLE_BYTES = 192 << 20;

const sizeOf = (file: string) =>
  fs.stat(file).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );

async function hasFile(folder: string): Promise<boolean> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.some((entry) => entry.isFile());
}

/**
 * Whether this data folder holds an index, or should: `present`, `none` (a new folder), or `missing`/`empty` while sealed files, a
 * head or a -wal file say that there was one. SQLite would make a new index there and throw the -wal file away.
 */
export async function indexPresence(dataFolder: string): Promise<'present' | 'none' | 'missing' | 'empty'> {
  const file = path.join(dataFolder, 'index.db');
  const size = await sizeOf(file);
  if (size !== null && size > 0) return 'present';
  const traces =
    ((await sizeOf(`${file}-wal`)) ?? 0) > 0 ||
    readHead(dataFolder) !== null ||
    (await hasFile(path.join(dataFolder, 'sealed')));
  if (!traces) return 'none';
  return size === null ? 'missing' : 'empty';
}

/**
 * Looks at the index without changing a byte of it, before it is opened for writing: opening would use up the -wal file.
 * @throws StoreMissingError, StoreKeyRefusedError, StoreDamagedError, StoreTooNewError, StoreOlderError
 */
export async function lookBeforeOpen(dataFolder: string, key: Uint8Array): Promise<void> {
  const presence = await indexPresence(dataFolder);
  if (presence === 'none') return;
  if (presence !== 'present') throw new StoreMissingError(presence);
  const file = path.join(dataFolder, 'index.db');
  const head = readHead(dataFolder);
  const knownHead = head === 'damaged' ? null : head;
  let index: Connection;
  try {
    index = await openConnection(file, key, 'read');
  } catch (error) {
    if (!(error instanceof StoreKeyRefusedError)) throw error;
    throw await whyRefused(file, key, knownHead?.salt ?? null);
  }
  try {
    const version = (await index.get<{ user_version: number }>('PRAGMA user_version'))?.user_version ?? 0;
    refuseNewer(version);
    const commits = await commitsIn(index);
    if (knownHead && commits < knownHead.commits) throw new StoreOlderError(commits, knownHead.commits);
    const size = (await sizeOf(file)) ?? 0;
    const walSize = (await sizeOf(`${file}-wal`)) ?? 0;
    const pages = (await index.get<{ page_count: number }>('PRAGMA page_count'))?.page_count ?? 0;
    // Pages that are still in the -wal file alone may be missing at the end; without one none may.
    if (walSize === 0 && size < pages * PAGE_BYTES) throw new StoreDamagedError('length');
    if (size <= CHECKED_WHOLE_BYTES && (await index.all('PRAGMA cipher_integrity_check')).length > 0) {
      throw new StoreDamagedError('pages');
    }
  } finally {
    await index.close();
  }
}

/** How many commits an index has seen: SQLite's application_id, a number in its first page that is nobody else's. */
export async function commitsIn(index: Connection): Promise<number> {
  return (await index.get<{ application_id: number }>('PRAGMA application_id'))?.application_id ?? 0;
}

/** A wrong key, or a damaged first page: SQLCipher cannot tell the two apart, the other pages can. */
async function whyRefused(file: string, key: Uint8Array, knownSalt: string | null) {
  const salt = await saltOf(file);
  if (knownSalt !== null && salt !== knownSalt) {
    const { fitting } = await fittingPages(file, key, Buffer.from(knownSalt, 'hex'));
    if (fitting > 0) return new StoreDamagedError('first-page');
  }
  const { fitting } = await fittingPages(file, key, null);
  return fitting > 0 ? new StoreDamagedError('first-page') : new StoreKeyRefusedError();
}

/** A read-only look is not possible where SQLite first has to finish something: then opening for writing decides. */
export function isNotReadable(error: unknown): boolean {
  const code = error instanceof StoreStatementError ? String(error.details['sqliteCode']) : '';
  return code === 'SQLITE_READONLY' || code === 'SQLITE_CANTOPEN';
}
