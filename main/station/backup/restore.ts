import fs from 'node:fs/promises';
import path from 'node:path';
import { passing } from '#durable';
import { verifyAudit } from '../audit/index.ts';
import type { Reader } from '../store/index.ts';
import { IndexStore, openConnection, SealedStore } from '../store/index.ts';
import type { OpenedGeneration } from './choose.ts';
import { demandLead, openGeneration } from './choose.ts';
import type { Contents } from './contents.ts';
import { countContents } from './contents.ts';
import type { UnsoundFile } from './copy-sealed.ts';
import { copySealed } from './copy-sealed.ts';
import { copyDurably, syncFolder, writeDurably } from './durable-files.ts';
import { BackupError } from './errors.ts';
import { lookAnew } from './look-anew.ts';
import { openConfig } from './sealed-config.ts';
import { indexProblems, sealedEntries } from './snapshot.ts';
import { markFinished, markUnfinished, readUnfinished } from './unfinished.ts';

export interface RestoreOrder {
  readonly backup: string;
  /** An empty folder, or one that is made. */
  readonly dataFolder: string;
  readonly generation: string | null;
  readonly login: string;
  readonly password: string;
  readonly signal: AbortSignal;
  readonly onProgress: (bytesDone: number, bytesTotal: number) => void;
}

export interface RestoreReport {
  readonly generation: string;
  readonly madeAt: number;
  readonly stationName: string;
  readonly practice: boolean;
  readonly hasConfig: boolean;
  readonly contents: Contents;
  readonly sealedFiles: number;
  readonly sealedBytes: number;
  readonly auditLines: number;
  readonly firstBadLine: number | null;
  readonly unsound: readonly UnsoundFile[];
}

/**
 * Brings a generation of a backup back into an empty folder, and checks all of it on the way. The keys come last: until then, and
 * while `unfinished.json` lies there, no station begins to work with it. Killed, it is simply run again.
 * @throws BackupError
 */
export async function restore(order: RestoreOrder): Promise<RestoreReport> {
  const { backup, signal } = order;
  const dataFolder = await emptyFolder(order.dataFolder, backup);
  const generation = await openGeneration(backup, order.generation, order);
  const { manifest, storeKey, folder, name } = generation;
  await markUnfinished(dataFolder, 'restore');
  await clear(dataFolder);
  passing('restore begun');
  const room = await fs.statfs(dataFolder);
  const sealedBytes = manifest.sealed.reduce((total, [, bytes]) => total + bytes, 0);
  const neededBytes = sealedBytes + 2 * manifest.index.bytes;
  const freeBytes = room.bavail * room.bsize;
  if (freeBytes < neededBytes) {
    throw new BackupError('station-disk-full', 'there is not enough room for the data folder', {
      neededBytes,
      freeBytes,
    });
  }
  const copied = await copyDurably(path.join(folder, 'index.db'), path.join(dataFolder, 'index.db'), signal);
  if (copied.sha256 !== manifest.index.sha256) throw damagedIndex(generation);
  const { entries, audit } = await lookInto(generation, dataFolder, order.login);
  let done = 0;
  const sealed = new SealedStore(dataFolder, 2);
  let unsound: UnsoundFile[];
  try {
    unsound = await copySealed(entries, {
      sealed,
      from: backup,
      to: dataFolder,
      signal,
      width: 2,
      onFile: (bytes) => order.onProgress((done += bytes), sealedBytes),
    });
  } finally {
    await sealed.close();
  }
  const store = await IndexStore.open(dataFolder, storeKey);
  let contents: Contents;
  try {
    contents = await countContents(store.read);
    const restored = { at: Date.now(), knowsUntil: manifest.madeAt, generation: name, how: 'restored' as const };
    await lookAnew(store, dataFolder, restored, generation.personId, {
      lines: audit.lines,
      files: entries.length - unsound.length,
      unsound: unsound.length,
    });
  } finally {
    await store.close();
  }
  await finish(generation, dataFolder, signal);
  return {
    generation: name,
    madeAt: manifest.madeAt,
    stationName: manifest.stationName,
    practice: manifest.practice,
    hasConfig: manifest.config !== null,
    contents,
    sealedFiles: entries.length - unsound.length,
    sealedBytes,
    auditLines: audit.lines,
    firstBadLine: audit.firstBadLine,
    unsound,
  };
}

const damagedIndex = (generation: OpenedGeneration) =>
  new BackupError('backup-damaged', `the index of generation ${generation.name} is damaged`, {
    generation: generation.name,
    older: null,
  });

async function lookInto(generation: OpenedGeneration, dataFolder: string, login: string) {
  const index = await openConnection(path.join(dataFolder, 'index.db'), generation.storeKey).catch(() => {
    throw damagedIndex(generation);
  });
  try {
    await demandLead(index, generation.personId, login);
    if ((await indexProblems(index)).length > 0) throw damagedIndex(generation);
    return { entries: await sealedEntries(index), audit: await verifyAudit(index as unknown as Reader) };
  } finally {
    await index.close();
  }
}

/** The folder to restore into: made if it is not there, refused if anything of anybody lies in it. */
async function emptyFolder(asked: string, backup: string): Promise<string> {
  await fs.mkdir(asked, { recursive: true, mode: 0o700 });
  const folder = await fs.realpath(asked);
  const inner = await fs.realpath(backup).catch(() => backup);
  if (`${folder}/`.startsWith(`${inner}/`) || `${inner}/`.startsWith(`${folder}/`)) {
    throw new BackupError('own-data-folder', 'the backup and the data folder must not lie inside each other');
  }
  if ((await readUnfinished(folder)) === 'restore') return folder;
  const names = (await fs.readdir(folder)).filter((name) => name !== 'lost+found');
  if (names.length > 0) {
    throw new BackupError(
      'data-folder-not-empty',
      'a backup is restored into an empty folder only: nothing is overwritten',
    );
  }
  return folder;
}

/** What a restore that was killed had brought so far. It was never a station's. */
async function clear(dataFolder: string): Promise<void> {
  for (const name of await fs.readdir(dataFolder)) {
    if (['unfinished.json', 'lost+found'].includes(name)) continue;
    await fs.rm(path.join(dataFolder, name), { recursive: true, force: true });
  }
}

/** Configuration, public key and, last of all, the keys: from now on it is a data folder. */
async function finish({ manifest, folder, name, storeKey }: OpenedGeneration, dataFolder: string, signal: AbortSignal) {
  await fs.chmod(dataFolder, 0o700);
  if (manifest.config) {
    const sealed = await fs.readFile(path.join(folder, 'station.json.sealed'));
    await writeDurably(path.join(dataFolder, 'station.json'), openConfig(storeKey, name, sealed));
  }
  // The folder by which a station knows the practice hospital's data from patients'.
  if (manifest.practice) await fs.mkdir(path.join(dataFolder, 'practice'), { mode: 0o700 });
  if (manifest.certificateKey) {
    await copyDurably(path.join(folder, 'certificate-key.pem'), path.join(dataFolder, 'certificate-key.pem'), signal);
  }
  await syncFolder(dataFolder);
  await copyDurably(path.join(folder, 'keys.json'), path.join(dataFolder, 'keys.json'), signal);
  await markFinished(dataFolder);
  passing('restore done');
}
