import fs from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../../shared/domain/errors.ts';
import { verifyAudit } from '../audit/index.ts';
import type { DataFolderLock } from '../data-folder.ts';
import { takeDataFolder } from '../data-folder.ts';
import { Keyring } from '../people/index.ts';
import type { Reader } from '../store/index.ts';
import { lookBeforeOpen, openConnection, sealedFile, SealedStore } from '../store/index.ts';
import type { OpenedGeneration } from './choose.ts';
import { demandLead, openGeneration } from './choose.ts';
import type { UnsoundFile } from './copy-sealed.ts';
import { copyDurably, forEachOf, makeFolder, syncFolder } from './durable-files.ts';
import { BackupError } from './errors.ts';
import type { Rebuilt } from './rebuild-index.ts';
import { finishSwap, rebuildIndex } from './rebuild-index.ts';
import type { SealedEntry } from './snapshot.ts';
import { indexProblems, sealedEntries } from './snapshot.ts';
import { readUnfinished, UnfinishedError } from './unfinished.ts';

export interface RecoverOrder {
  readonly dataFolder: string;
  /** A backup of this station, where what is lost may still be. */
  readonly backup: string | null;
  readonly login: string;
  readonly password: string;
  readonly signal: AbortSignal;
  readonly onProgress: (bytesDone: number, bytesTotal: number) => void;
}

export interface RecoverReport {
  /** Code of what was wrong with the index, or null: it was sound and was not touched. */
  readonly problem: string | null;
  readonly rebuilt: Rebuilt | null;
  /** keys.json was taken from the backup. */
  readonly keysFromBackup: boolean;
  /** A station works on the data folder: only what is safe meanwhile was done. */
  readonly stationRuns: boolean;
  readonly sealedFiles: number;
  /** Sealed files that were missing or damaged and came back from the backup. */
  readonly broughtBack: number;
  readonly unsound: readonly UnsoundFile[];
  /** Sealed files that no row names: their key is gone with the row. Kept in `orphans/`. */
  readonly orphans: readonly { readonly name: string; readonly bytes: number }[];
  readonly auditLines: number;
  readonly firstBadLine: number | null;
}

/** Codes of an index that may be built anew; everything else has another way forward. */
const REBUILT = new Set(['store-damaged', 'store-missing', 'store-older', 'store-key-refused', 'store-statement']);

/**
 * Rebuilds what can be rebuilt in a damaged data folder, and lists what cannot. Nothing is overwritten and nothing deleted: a damaged
 * index goes into `damaged-<date>/`, a damaged sealed file too, a file that nobody knows stays in `orphans/`.
 * @throws BackupError, DataFolderInUseError (only where the index has to be built anew), UnfinishedError
 */
export async function recover(order: RecoverOrder): Promise<RecoverReport> {
  const dataFolder = await fs.realpath(order.dataFolder).catch(() => {
    throw new BackupError('no-such-folder', 'there is no such data folder');
  });
  if ((await readUnfinished(dataFolder)) === 'restore') throw new UnfinishedError('restore');
  const lock: DataFolderLock | Error = await takeDataFolder(dataFolder).catch((error: Error) => {
    if (errorCode(error) === 'data-folder-in-use') return error;
    throw error;
  });
  try {
    if (!(lock instanceof Error)) await finishSwap(dataFolder);
    const { storeKey, personId, generation, keysFromBackup } = await openKeys(order, dataFolder);
    // A page that is being written while we look may seem damaged: only what is found twice is.
    const problem = (await problemOf(dataFolder, storeKey)) && (await problemOf(dataFolder, storeKey));
    let rebuilt: Rebuilt | null = null;
    if (problem !== null) {
      if (lock instanceof Error) throw lock;
      if (!REBUILT.has(problem)) throw new BackupError(problem, 'this is not for recover to mend');
      const person = { id: personId, login: order.login };
      rebuilt = await rebuildIndex({ dataFolder, storeKey, person, generation, signal: order.signal });
    }
    const { entries, names, audit } = await readIndex(dataFolder, storeKey, personId, order.login);
    if (keysFromBackup) await putKeysBack(generation!, dataFolder, order.signal);
    const sealed = await mendSealed(order, dataFolder, entries);
    if (!(lock instanceof Error)) await setOrphansAside(dataFolder, names);
    return {
      problem,
      rebuilt,
      keysFromBackup,
      stationRuns: lock instanceof Error,
      sealedFiles: entries.length,
      ...sealed,
      orphans: await orphansIn(dataFolder),
      auditLines: audit.lines,
      firstBadLine: audit.firstBadLine,
    };
  } finally {
    if (!(lock instanceof Error)) lock.release();
  }
}

/** Store keys to be tried: by the keys of the data folder, then by those of the backup. */
async function openKeys(order: RecoverOrder, dataFolder: string) {
  const login = order.login.trim().toLowerCase();
  const generation = order.backup === null ? null : await openGeneration(order.backup, null, order);
  const keyring = new Keyring(dataFolder);
  let trouble: unknown = new BackupError('keyring-missing', 'keys.json is missing: name a backup by --backup');
  if (!(await keyring.isEmpty().catch((error: unknown) => ((trouble = error), true)))) {
    trouble = new BackupError('wrong-password', 'login or password is wrong');
    const own = await keyring.unwrap(login, order.password).catch((error: unknown) => ((trouble = error), null));
    if (own && (!generation || Buffer.from(own.storeKey).equals(generation.storeKey))) {
      return { ...own, generation, keysFromBackup: false };
    }
    // Keys of another station in the place of ours: the index says which fit.
    if (own && generation && (await problemOf(dataFolder, own.storeKey)) !== 'store-key-refused') {
      throw new BackupError('other-store-backup', 'the backup is of another station');
    }
  }
  if (!generation) throw trouble;
  const { storeKey, personId } = generation;
  return { storeKey, personId, generation, keysFromBackup: errorCode(trouble) !== 'wrong-password' };
}

async function problemOf(dataFolder: string, storeKey: Uint8Array): Promise<string | null> {
  try {
    await lookBeforeOpen(dataFolder, storeKey);
    const file = path.join(dataFolder, 'index.db');
    if (!(await fs.stat(file).catch(() => null))) return 'store-missing';
    const index = await openConnection(file, storeKey, 'read');
    try {
      return (await indexProblems(index)).length > 0 ? 'store-damaged' : null;
    } finally {
      await index.close();
    }
  } catch (error) {
    return errorCode(error);
  }
}

async function readIndex(dataFolder: string, storeKey: Uint8Array, personId: string, login: string) {
  const index = await openConnection(path.join(dataFolder, 'index.db'), storeKey, 'read');
  try {
    await demandLead(index, personId, login);
    const names = await index.all<{ name: string }>(
      `SELECT sealed_name AS name FROM item WHERE sealed_name IS NOT NULL
       UNION ALL SELECT sealed_name FROM instance WHERE sealed_name IS NOT NULL`,
    );
    return {
      entries: await sealedEntries(index),
      names: new Set(names.map(({ name }) => name)),
      audit: await verifyAudit(index as unknown as Reader),
    };
  } finally {
    await index.close();
  }
}

async function putKeysBack(generation: OpenedGeneration, dataFolder: string, signal: AbortSignal): Promise<void> {
  const file = path.join(dataFolder, 'keys.json');
  await setAside(dataFolder, file);
  await copyDurably(path.join(generation.folder, 'keys.json'), file, signal);
}

/** Moves a damaged file into `damaged-<day>/`. */
async function setAside(dataFolder: string, file: string): Promise<void> {
  const aside = path.join(dataFolder, `damaged-${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`);
  await makeFolder(aside);
  const name = `${path.basename(file)}.${Date.now()}`;
  await fs.rename(file, path.join(aside, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await syncFolder(aside);
}

/** Opens every sealed file; what is missing or damaged comes from the orphans or from the backup, if it is sound there. */
async function mendSealed(order: RecoverOrder, dataFolder: string, entries: readonly SealedEntry[]) {
  const unsound: UnsoundFile[] = [];
  let broughtBack = 0;
  let done = 0;
  const total = entries.reduce((sum, { sealedBytes }) => sum + sealedBytes, 0);
  const sealed = new SealedStore(dataFolder, 2);
  const troubleOf = (entry: SealedEntry, file: string) =>
    sealed.check(entry, file).then(({ sha256 }) => (sha256 === entry.sha256 ? null : 'seal-broken'), errorCode);
  try {
    await forEachOf(entries, 2, async (entry) => {
      order.signal.throwIfAborted();
      const file = sealedFile(dataFolder, entry.name);
      const trouble = await troubleOf(entry, file);
      order.onProgress((done += entry.sealedBytes), total);
      if (trouble === null) return;
      const others = [path.join(dataFolder, 'orphans', entry.name)];
      if (order.backup !== null) others.push(sealedFile(order.backup, entry.name));
      for (const other of others) {
        if ((await troubleOf(entry, other)) !== null) continue;
        await setAside(dataFolder, file);
        await sealed.copy(entry, other, file);
        if (other.startsWith(dataFolder)) await fs.rm(other, { force: true });
        broughtBack += 1;
        return;
      }
      unsound.push({ id: entry.id, name: entry.name, code: trouble });
    });
  } finally {
    await sealed.close();
  }
  return { broughtBack, unsound };
}

/** Whole sealed files that no row names: the station's own sweep does the same at its next start. */
async function setOrphansAside(dataFolder: string, names: ReadonlySet<string>): Promise<void> {
  const sealed = new SealedStore(dataFolder, 1);
  try {
    await sealed.sweep(names);
  } finally {
    await sealed.close();
  }
}

async function orphansIn(dataFolder: string) {
  const folder = path.join(dataFolder, 'orphans');
  const names = await fs.readdir(folder).catch(() => []);
  return Promise.all(names.map(async (name) => ({ name, bytes: (await fs.stat(path.join(folder, name))).size })));
}
