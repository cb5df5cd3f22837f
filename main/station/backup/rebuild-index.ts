import fs from 'node:fs/promises';
import path from 'node:path';
import { passing } from '#durable';
import type { Connection } from '../store/index.ts';
import { IndexStore, migrate, openAroundDamage, openConnection } from '../store/index.ts';
import type { OpenedGeneration } from './choose.ts';
import { demandLead } from './choose.ts';
import { copyDurably, makeFolder, sizeOf, syncFolder, writeDurably } from './durable-files.ts';
import { BackupError } from './errors.ts';
import { lookAnew } from './look-anew.ts';
import { layRows, mendReferences } from './merge.ts';
import type { Salvaged } from './salvage.ts';
import { salvage } from './salvage.ts';
import { indexProblems } from './snapshot.ts';
import { markFinished } from './unfinished.ts';

export interface Rebuilt {
  readonly keptAside: string;
  /** Rows that could be read of the damaged index; null when nothing of it could be opened. */
  readonly rowsRead: number | null;
  /** Rows of the damaged index that cannot be read, at most so many; the backup may have them. */
  readonly unreadable: Readonly<Record<string, number>>;
  /** Rows that went because what they belonged to is lost. */
  readonly gone: Readonly<Record<string, number>>;
  readonly fromGeneration: string | null;
  /** The last moment of which the new index knows. */
  readonly knowsUntil: number;
}

export interface RebuildOrder {
  readonly dataFolder: string;
  readonly storeKey: Uint8Array;
  readonly person: { readonly id: string; readonly login: string };
  readonly generation: OpenedGeneration | null;
  readonly signal: AbortSignal;
}

/** Files that belong to one index and go aside with it. */
const INDEX_FILES = ['index.db', 'index.db-wal', 'index.db-shm', 'index.head', 'audit-head.json'];
const UNFINISHED = 'unfinished.json';

/**
 * Builds a new index out of what can be read of the damaged one and the newest backup, whichever is newer winning row by row, and
 * puts it in its place. The damaged one is kept aside, never written to. Killed, it is run again.
 * @throws BackupError `nothing-to-recover`
 */
export async function rebuildIndex(order: RebuildOrder): Promise<Rebuilt> {
  const { dataFolder, storeKey, generation, signal } = order;
  const work = path.join(dataFolder, 'recovering');
  await fs.rm(work, { recursive: true, force: true });
  await makeFolder(work);
  const found = await salvaged(dataFolder, work, storeKey);
  if (found === null && generation === null) {
    await fs.rm(work, { recursive: true, force: true });
    throw new BackupError('nothing-to-recover', 'nothing of the index can be read: name a backup by --backup');
  }
  const file = path.join(work, 'index.db');
  if (generation) await copyDurably(path.join(generation.folder, 'index.db'), file, signal);
  const index = await openConnection(file, storeKey);
  let gone: Record<string, number>;
  let knowsUntil: number;
  try {
    await migrate(index);
    const inBackup = await commitsIn(index);
    const newer = (found?.commits ?? 0) >= inBackup;
    if (found) {
      await layRows(index, found.tables, newer);
      await index.exec(`PRAGMA application_id = ${Math.max(found.commits, inBackup)}`);
    }
    gone = await mendReferences(index);
    await ensurePerson(index, order);
    await demandLead(index, order.person.id, order.person.login);
    if ((await indexProblems(index)).length > 0) {
      throw new BackupError('store-damaged', 'the index that was built is not sound: nothing was changed');
    }
    knowsUntil = (await index.get<{ at: number | null }>('SELECT max(at) AS at FROM audit'))?.at ?? 0;
  } finally {
    await index.close();
  }
  const unreadable = Object.fromEntries(
    (found?.tables ?? []).flatMap((one) => (one.unreadable > 0 ? [[one.table, one.unreadable]] : [])),
  );
  const lost = Object.values(unreadable).reduce((sum, count) => sum + count, 0);
  const store = await IndexStore.open(work, storeKey);
  try {
    await lookAnew(
      store,
      dataFolder,
      { at: Date.now(), knowsUntil, generation: generation?.name ?? null, how: 'recovered' },
      order.person.id,
      { unreadable: lost, gone: Object.values(gone).reduce((sum, count) => sum + count, 0) },
    );
  } finally {
    await store.close();
  }
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const aside = path.join(dataFolder, `damaged-${stamp}`);
  await makeFolder(aside);
  await writeDurably(path.join(dataFolder, UNFINISHED), `${JSON.stringify({ what: 'recover', aside, put: false })}\n`);
  await finishSwap(dataFolder);
  const rowsRead = found && found.tables.reduce((sum, { rows }) => sum + rows.length, 0);
  return { keptAside: aside, rowsRead, unreadable, gone, fromGeneration: generation?.name ?? null, knowsUntil };
}

/**
 * The last part, which can be begun any number of times: the damaged index goes aside, then the new one takes its place.
 * @returns false when there is nothing to finish
 */
export async function finishSwap(dataFolder: string): Promise<boolean> {
  const text = await fs.readFile(path.join(dataFolder, UNFINISHED), 'utf8').catch(() => null);
  const told = text === null ? null : (JSON.parse(text) as { what: string; aside?: string; put?: boolean });
  if (told?.what !== 'recover' || !told.aside) return false;
  if (told.put !== true) {
    for (const name of INDEX_FILES) await moveIfThere(path.join(dataFolder, name), path.join(told.aside, name));
    await syncFolder(told.aside);
    await syncFolder(dataFolder);
    passing('damaged index kept aside');
    await writeDurably(path.join(dataFolder, UNFINISHED), `${JSON.stringify({ ...told, put: true })}\n`);
  }
  const work = path.join(dataFolder, 'recovering');
  for (const name of INDEX_FILES) await moveIfThere(path.join(work, name), path.join(dataFolder, name));
  await syncFolder(dataFolder);
  passing('recovered index in place');
  await fs.rm(work, { recursive: true, force: true });
  await markFinished(dataFolder);
  return true;
}

async function moveIfThere(from: string, to: string): Promise<void> {
  await fs.rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

const commitsIn = async (index: Connection) =>
  (await index.get<{ application_id: number }>('PRAGMA application_id'))?.application_id ?? 0;

/** Reads a copy of the damaged index: SQLite would change the -wal file of the original. */
async function salvaged(
  dataFolder: string,
  work: string,
  storeKey: Uint8Array,
): Promise<{ tables: Salvaged[]; commits: number } | null> {
  const original = path.join(dataFolder, 'index.db');
  if (!(await sizeOf(original))) return null;
  const copy = path.join(work, 'damaged.db');
  await fs.copyFile(original, copy);
  if (await sizeOf(`${original}-wal`)) await fs.copyFile(`${original}-wal`, `${copy}-wal`);
  let index: Connection;
  try {
    index = await openAroundDamage(copy, storeKey);
  } catch {
    return null;
  }
  try {
    return { tables: await salvage(index), commits: await commitsIn(index) };
  } catch {
    return null;
  } finally {
    await index.close();
    for (const end of ['', '-wal', '-shm']) await fs.rm(`${copy}${end}`, { force: true });
  }
}

/** Whoever opened the store key and is not among the people any more was lost with the damage. */
async function ensurePerson(index: Connection, { person }: RebuildOrder): Promise<void> {
  const known = await index.get<{ login: string }>('SELECT login FROM person WHERE id = ?', [person.id]);
  if (known && known.login !== `lost-${person.id}`) return;
  await index.run(
    `INSERT INTO person (id, login, display_name, role, disabled, created_at) VALUES (?, ?, ?, 'lead', 0, ?)
     ON CONFLICT (id) DO UPDATE SET login = excluded.login, display_name = excluded.display_name, role = 'lead', disabled = 0`,
    [person.id, person.login, person.login, Date.now()],
  );
}
