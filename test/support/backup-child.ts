import { makeBackup } from '../../main/station/backup/make-backup.ts';
import type { BackupProgress } from '../../main/station/backup/make-backup.ts';
import { IndexStore, SealedStore } from '../../main/station/store/index.ts';

// One backup in a process of its own, for tests that kill it: DATA-FOLDER BACKUP-FOLDER, store key as hex in the environment.
const [dataFolder, folder] = process.argv.slice(2) as [string, string];
const storeKey = new Uint8Array(Buffer.from(process.env['PHOTODOCK_STORE_KEY'] ?? '', 'hex'));
const store = await IndexStore.open(dataFolder, storeKey);
const sealed = new SealedStore(dataFolder, 1);
const progress: BackupProgress = { phase: 'index', filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 };
await makeBackup(
  { dataFolder, storeKey, store, sealed, stationName: 'DRILL', practice: false, configText: Buffer.from('{}') },
  { folder, keep: 2, verify: false },
  progress,
  new AbortController().signal,
);
await sealed.close();
await store.close();
