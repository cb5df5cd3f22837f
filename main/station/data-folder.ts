import { DatabaseSync } from 'node:sqlite';
import fs from 'node:fs/promises';
import path from 'node:path';
import { PhotodockError } from '../../shared/domain/errors.ts';

/** Another station works on this data folder. */
export class DataFolderInUseError extends PhotodockError {
  constructor() {
    super('data-folder-in-use', 'another station is running on this data folder');
  }
}

/** This user may not work in the data folder: it belongs to somebody else, is write-protected, or is no folder. */
export class DataFolderUnusableError extends PhotodockError {
  constructor(code: 'data-folder-not-ours' | 'data-folder-read-only' | 'data-folder-unusable', systemCode: string) {
    super(code, `the data folder cannot be used (${systemCode})`, { systemCode });
  }
}

/** What a failure of the operating system means when it comes from the data folder itself. */
export function dataFolderTrouble(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof PhotodockError) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new PhotodockError('station-disk-full', `the disk of the data folder is full (${code})`);
  if (code === 'EIO') return new PhotodockError('station-disk', `the disk of the data folder fails (${code})`);
  if (code === 'EROFS') return new DataFolderUnusableError('data-folder-read-only', code);
  if (code === 'EACCES' || code === 'EPERM') return new DataFolderUnusableError('data-folder-not-ours', code);
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'EISDIR')
    return new DataFolderUnusableError('data-folder-unusable', code);
  return error;
}

export interface DataFolderLock {
  release(): void;
}

/**
 * Makes the data folder (0700) and takes it for this process alone. The lock is SQLite's own file lock on an empty
 * database: the kernel lets go of it when the process dies, however it dies, so no stale lock can stay.
 * @throws DataFolderInUseError, DataFolderUnusableError, PhotodockError `station-disk-full`, `station-disk`
 */
export async function takeDataFolder(dataFolder: string): Promise<DataFolderLock> {
  const run = path.join(dataFolder, 'run');
  const file = path.join(run, 'lock.sqlite');
  try {
    await fs.mkdir(run, { recursive: true, mode: 0o700 });
    await fs.chmod(dataFolder, 0o700);
    await fs.chmod(run, 0o700);
    // By our own hand first: SQLite says only that it cannot, this says why.
    await (await fs.open(file, 'a', 0o600)).close();
  } catch (error) {
    throw dataFolderTrouble(error);
  }
  const database = new DatabaseSync(file);
  try {
    database.exec(
      'PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE',
    );
  } catch (error) {
    database.close();
    throw lockTrouble(error);
  }
  return { release: () => database.close() };
}

/** SQLite's primary result codes (sqlite.org/rescode.html): 5 BUSY, 6 LOCKED, 8 READONLY, 10 IOERR, 13 FULL, 26 NOTADB. */
function lockTrouble(error: unknown): PhotodockError {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  if (code === 8) return new DataFolderUnusableError('data-folder-read-only', 'SQLITE_READONLY');
  if (code === 10 || code === 13 || code === 14)
    return new PhotodockError('station-disk', `the lock cannot be taken (SQLite ${code})`);
  if (code === 26) return new DataFolderUnusableError('data-folder-unusable', 'run/lock.sqlite is no lock');
  return new DataFolderInUseError();
}
