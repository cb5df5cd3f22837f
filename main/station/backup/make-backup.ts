import fs from 'node:fs/promises';
import path from 'node:path';
import { passing } from '#durable';
import type { IndexStore, SealedStore } from '../store/index.ts';
import { sealedFile } from '../store/index.ts';
import { VERSION } from '../version.ts';
import type { UnsoundFile } from './copy-sealed.ts';
import { copySealed, missingAt } from './copy-sealed.ts';
import { copyDurably, forEachOf, hashFile, makeFolder, sizeOf, syncFolder, writeDurably } from './durable-files.ts';
import { BackupError, targetError } from './errors.ts';
import { generationName, generationsOf, listGenerations, markFolder } from './folder.ts';
import type { Manifest } from './manifest.ts';
import { MANIFEST_FILE, storeIdOf, writeManifest } from './manifest.ts';
import { prune, tidy } from './prune.ts';
import { sealConfig } from './sealed-config.ts';
import type { SealedEntry, Snapshot } from './snapshot.ts';
import { takeSnapshot } from './snapshot.ts';

export interface BackupOrder {
  /** Real path of a folder that is empty or holds a backup of this store. */
  readonly folder: string;
  /** How many generations of the index stay. */
  readonly keep: number;
  /** Reads every file of the new generation again at its target. */
  readonly verify: boolean;
}

export interface BackupSource {
  readonly dataFolder: string;
  readonly storeKey: Uint8Array;
  readonly store: IndexStore;
  readonly sealed: SealedStore;
  readonly stationName: string;
  readonly practice: boolean;
  /** station.json as it lies on the disk; null in practice. */
  readonly configText: Uint8Array | null;
}

export type BackupPhase = 'index' | 'files' | 'verifying' | 'finishing';

export interface BackupProgress {
  phase: BackupPhase;
  filesDone: number;
  filesTotal: number;
  bytesDone: number;
  bytesTotal: number;
}

export interface BackupResult {
  readonly generation: string;
  readonly files: number;
  readonly bytes: number;
  readonly copied: number;
  readonly copiedBytes: number;
  readonly verified: number;
  /** Files of the backup that were found damaged when it was verified, and were copied again. */
  readonly mended: number;
  readonly unsound: readonly UnsoundFile[];
  readonly generations: number;
  readonly damagedGenerations: readonly string[];
  readonly prunedFiles: number;
  readonly sameDisk: boolean;
}

const SPARE_BYTES = 32 << 20;
/** Retention may shred pictures while they are being copied; then the snapshot is taken anew. */
const SNAPSHOT_TRIES = 5;

/**
 * Makes one generation of a backup while the station works: a snapshot of the index, then exactly the sealed files that it names,
 * and the manifest last. Killed at any moment it leaves the former generations as they were, and nothing that counts as a new one.
 * @throws BackupError; whatever an aborted signal says
 */
export async function makeBackup(
  source: BackupSource,
  order: BackupOrder,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<BackupResult> {
  const { folder } = order;
  const storeId = storeIdOf(source.storeKey);
  await markFolder(folder, storeId, source.stationName).catch((error: unknown) => {
    throw targetError(error);
  });
  await tidy(folder, source.storeKey);
  const keys = await fs.readFile(path.join(source.dataFolder, 'keys.json'));
  const { snapshot, copied, unsound } = await snapshotWithFiles(source, order, progress, signal);
  try {
    const missing = new Set(unsound.map(({ name }) => name));
    const entries = snapshot.sealed.filter(({ name }) => !missing.has(name));
    const verified = order.verify ? await verify(source, folder, entries, progress, signal) : null;
    for (const one of verified?.unsound ?? []) unsound.push(one);
    const lost = new Set(unsound.map(({ name }) => name));
    const kept = snapshot.sealed.filter(({ name }) => !lost.has(name));
    progress.phase = 'finishing';
    // Asked of the disk once more: a generation must never name what is not there.
    const absent = await missingAt(folder, kept, signal);
    if (absent.length > 0) {
      throw new BackupError('backup-changed', 'files of the backup disappeared while it was made', {
        files: absent.length,
      });
    }
    const [newest] = await listGenerations(folder);
    const madeAt = Date.now();
    const number = (newest?.number ?? 0) + 1;
    const name = generationName(number, madeAt);
    await writeGeneration(source, order, name, snapshot, {
      keys,
      signal,
      facts: {
        format: 'photodock-backup/1',
        storeId,
        number,
        madeAt,
        version: VERSION,
        stationName: source.stationName,
        practice: source.practice,
        sealed: kept.map((entry) => [entry.name, entry.sealedBytes]),
        unsound: [...lost],
      },
    });
    const pruned = await prune(folder, source.storeKey, order.keep);
    return {
      generation: name,
      files: kept.length,
      bytes: kept.reduce((total, entry) => total + entry.sealedBytes, 0),
      copied: copied.length,
      copiedBytes: copied.reduce((total, entry) => total + entry.sealedBytes, 0),
      verified: verified?.looked ?? 0,
      mended: verified?.mended ?? 0,
      unsound,
      ...pruned,
      sameDisk: (await fs.stat(folder)).dev === (await fs.stat(source.dataFolder)).dev,
    };
  } finally {
    await snapshot.remove();
  }
}

async function snapshotWithFiles(
  source: BackupSource,
  order: BackupOrder,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<{ snapshot: Snapshot; copied: SealedEntry[]; unsound: UnsoundFile[] }> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    progress.phase = 'index';
    const snapshot = await takeSnapshot(source.dataFolder, source.storeKey);
    try {
      const missing = await missingAt(order.folder, snapshot.sealed, signal);
      const bytes = missing.reduce((total, entry) => total + entry.sealedBytes, 0);
      await demandRoom(order.folder, bytes + ((await sizeOf(snapshot.file)) ?? 0));
      Object.assign(progress, {
        phase: 'files',
        filesDone: 0,
        filesTotal: missing.length,
        bytesDone: 0,
        bytesTotal: bytes,
      });
      const failed = await copySealed(missing, {
        sealed: source.sealed,
        from: source.dataFolder,
        to: order.folder,
        signal,
        width: 1,
        targetError,
        onFile: (done) => {
          progress.filesDone += 1;
          progress.bytesDone += done;
        },
      });
      const stillNamed = await isNamed(source.store, failed);
      if (stillNamed.length === failed.length || attempt === SNAPSHOT_TRIES) {
        const bad = new Set(failed.map(({ name }) => name));
        return { snapshot, copied: missing.filter(({ name }) => !bad.has(name)), unsound: failed };
      }
      await snapshot.remove();
    } catch (error) {
      await snapshot.remove();
      throw error;
    }
  }
}

/** Which of these the index still names now: the others were shredded meanwhile, and a newer snapshot does not know them. */
async function isNamed(store: IndexStore, files: readonly UnsoundFile[]): Promise<UnsoundFile[]> {
  const named: UnsoundFile[] = [];
  for (const file of files) {
    const row = await store.read.get(
      `SELECT 1 FROM item WHERE sealed_name = ? AND sealed_key IS NOT NULL
       UNION ALL SELECT 1 FROM instance WHERE sealed_name = ? AND sealed_key IS NOT NULL`,
      [file.name, file.name],
    );
    if (row) named.push(file);
  }
  return named;
}

async function demandRoom(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize, blocks } = await fs.statfs(folder);
  const freeBytes = bavail * bsize;
  // Some network file systems do not say how large they are.
  if (blocks === 0 || freeBytes >= neededBytes + SPARE_BYTES) return;
  throw new BackupError('backup-disk-full', 'there is not enough room for the backup', { neededBytes, freeBytes });
}

/** Opens every file of the new generation where it lies in the backup; a damaged one is copied again. */
async function verify(
  source: BackupSource,
  folder: string,
  entries: readonly SealedEntry[],
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<{ looked: number; mended: number; unsound: UnsoundFile[] }> {
  const total = entries.reduce((sum, entry) => sum + entry.sealedBytes, 0);
  Object.assign(progress, {
    phase: 'verifying',
    filesDone: 0,
    filesTotal: entries.length,
    bytesDone: 0,
    bytesTotal: total,
  });
  const damaged: SealedEntry[] = [];
  await forEachOf(entries, 2, async (entry) => {
    signal.throwIfAborted();
    const sha256 = await source.sealed.check(entry, sealedFile(folder, entry.name)).then(
      (found) => found.sha256,
      () => null,
    );
    if (sha256 !== entry.sha256) damaged.push(entry);
    progress.filesDone += 1;
    progress.bytesDone += entry.sealedBytes;
  });
  const options = {
    sealed: source.sealed,
    from: source.dataFolder,
    to: folder,
    signal,
    width: 1,
    targetError,
    onFile: () => undefined,
  };
  const unsound = await copySealed(damaged, options);
  return { looked: entries.length, mended: damaged.length - unsound.length, unsound };
}

/** Everything of one generation into a folder that is none yet, the manifest last; then it gets its name. */
async function writeGeneration(
  source: BackupSource,
  order: BackupOrder,
  name: string,
  snapshot: Snapshot,
  rest: {
    readonly keys: Buffer;
    readonly signal: AbortSignal;
    readonly facts: Omit<Manifest, 'index' | 'keys' | 'config' | 'certificateKey'>;
  },
): Promise<void> {
  const place = path.join(generationsOf(order.folder), name);
  const part = `${place}.part`;
  try {
    await makeFolder(part);
    const put = async (file: string, bytes: Uint8Array | null) => {
      if (bytes === null) return null;
      await writeDurably(path.join(part, file), bytes);
      const { sha256, bytes: size } = await hashFile(path.join(part, file));
      return { sha256, bytes: size };
    };
    const index = await copyDurably(snapshot.file, path.join(part, 'index.db'), rest.signal);
    const certificateKey = await fs.readFile(path.join(source.dataFolder, 'certificate-key.pem')).catch(() => null);
    const config = source.configText === null ? null : sealConfig(source.storeKey, name, source.configText);
    const manifest: Manifest = {
      ...rest.facts,
      index: { ...index, auditLines: snapshot.auditLines, auditHead: snapshot.auditHead },
      keys: (await put('keys.json', rest.keys))!,
      config: await put('station.json.sealed', config),
      certificateKey: await put('certificate-key.pem', certificateKey),
    };
    rest.signal.throwIfAborted();
    await writeDurably(path.join(part, MANIFEST_FILE), writeManifest(manifest, source.storeKey));
    passing('before generation');
    await fs.rename(part, place);
    await syncFolder(generationsOf(order.folder));
    passing('generation done');
  } catch (error) {
    await fs.rm(part, { recursive: true, force: true }).catch(() => undefined);
    throw targetError(error);
  }
}
