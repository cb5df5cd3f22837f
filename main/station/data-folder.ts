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

export interface DataFolderLock {
  release(): void;
}

/**
 * Makes the data folder (0700) and takes it for this process alone. The lock is SQLite's own file lock on an empty
 * database: the kernel lets go of it when the process dies, however it dies, so no stale lock can stay.
 * @throws DataFolderInUseError
 */
export async function takeDataFolder(dataFolder: string): Promise<DataFolderLock> {
  const run = path.join(dataFolder, 'run');
  await fs.mkdir(run, { recursive: true, mode: 0o700 });
  await fs.chmod(dataFolder, 0o700);
  await fs.chmod(run, 0o700);
  const database = new DatabaseSync(path.join(run, 'lock.sqlite'));
  try {
    database.exec(
      'PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE',
    );
  } catch {
    database.close();
    throw new DataFolderInUseError();
  }
  return { release: () => database.close() };
}
