export { Backup } from './backup.ts';
export { readLastBackup } from './last-backup.ts';
export { removeLeftSnapshots } from './snapshot.ts';
export { generationsIn } from './choose.ts';
export { readRestored } from './look-anew.ts';
export type { Restored } from './look-anew.ts';
export { restore } from './restore.ts';
export type { RestoreReport } from './restore.ts';
export { refuseUnfinished } from './unfinished.ts';
