import { PhotodockError } from '../../../shared/domain/errors.ts';

/** A backup cannot be made, read or brought back; nothing that was there before is changed. */
export class BackupError extends PhotodockError {}

/** `station-disk` is what the sealed store says of any target that it cannot write; here the target is the backup. */
const DISK: Readonly<Record<string, string>> = { ENOSPC: 'backup-disk-full', EDQUOT: 'backup-disk-full' };
const TARGET = new Set(['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'ENAMETOOLONG', 'EBUSY', 'ESTALE', 'ENODEV']);

/** What the system said about the backup's folder, in our own codes. */
export function targetError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (DISK[code] !== undefined) return new BackupError(DISK[code], 'the disk of the backup is full');
  if (!TARGET.has(code) && code !== 'station-disk') return error;
  return new BackupError('backup-folder', `the folder of the backup cannot be used (${code})`, { system: code });
}
