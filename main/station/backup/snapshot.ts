import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { verifyAudit } from '../audit/index.ts';
import type { Connection, Reader, SealedRef } from '../store/index.ts';
import { openConnection, sealedSize } from '../store/index.ts';
import { BackupError } from './errors.ts';

/** A sealed file as a snapshot of the index knows it: where, how it opens, and what must be in it. */
export interface SealedEntry extends SealedRef {
  readonly sealedBytes: number;
  readonly sha256: string;
}

export interface Snapshot {
  readonly file: string;
  readonly sealed: readonly SealedEntry[];
  readonly auditLines: number;
  readonly auditHead: string;
  remove(): Promise<void>;
}

const SEALED = `
  SELECT id, sealed_name AS name, sealed_key AS key, sha256, size FROM item WHERE sealed_name IS NOT NULL AND sealed_key IS NOT NULL
  UNION ALL
  SELECT id, sealed_name, sealed_key, object_sha256, object_bytes FROM instance WHERE sealed_name IS NOT NULL AND sealed_key IS NOT NULL`;

/** Every sealed file that an index knows. */
export async function sealedEntries(index: Pick<Connection, 'all'>): Promise<SealedEntry[]> {
  const rows = await index.all<{ id: string; name: string; key: Uint8Array; sha256: string; size: number }>(SEALED);
  return rows.map(({ size, ...row }) => ({ ...row, sealedBytes: sealedSize(size) }));
}

/** What is wrong with an index, by SQLCipher's check of each page and SQLite's of the structure; empty is sound. */
export async function indexProblems(index: Connection): Promise<string[]> {
  const look = async (pragma: string) =>
    (await index.all<Record<string, string>>(`PRAGMA ${pragma}`)).flatMap((row) => Object.values(row));
  // Only SQLCipher itself has the first one; a page that fails its check fails the second one too.
  const cipher = process.platform === 'win32' ? [] : await look('cipher_integrity_check');
  return [...cipher, ...(await look('quick_check'))].filter((text) => text !== 'ok');
}

/**
 * Takes a snapshot of the index while the station works on it: one consistent moment, encrypted under the same key (no page of it
 * is ever plain on a disk), checked before anybody relies on it. It lies in the data folder until `remove()`.
 * @throws BackupError `store-damaged`: a damaged index must not push sound generations out of a backup
 */
export async function takeSnapshot(dataFolder: string, storeKey: Uint8Array): Promise<Snapshot> {
  const folder = path.join(dataFolder, 'run');
  await removeLeftSnapshots(dataFolder);
  const file = path.join(folder, `snapshot-${randomUUID()}.db`);
  const remove = async () => {
    for (const end of ['', '-wal', '-shm', '-journal']) await fs.rm(`${file}${end}`, { force: true });
  };
  try {
    const live = await openConnection(path.join(dataFolder, 'index.db'), storeKey);
    try {
      await live.run('VACUUM INTO ?', [file]);
    } finally {
      await live.close();
    }
    await fs.chmod(file, 0o600);
    const copy = await openConnection(file, storeKey);
    try {
      const problems = await indexProblems(copy);
      if (problems.length > 0) throw damaged();
      const audit = await verifyAudit(copy as unknown as Reader);
      return { file, sealed: await sealedEntries(copy), auditLines: audit.lines, auditHead: audit.headHash, remove };
    } finally {
      await copy.close();
    }
  } catch (error) {
    await remove();
    const code =
      error instanceof Error && 'details' in error ? (error.details as { sqliteCode?: string }).sqliteCode : '';
    throw ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_NOMEM', 'SQLITE_ERROR'].includes(code ?? '') ? damaged() : error;
  }
}

const damaged = () =>
  new BackupError(
    'store-damaged',
    'the index is damaged: no backup was made of it, and former backups stay as they are',
  );

/** Snapshots of a station that was killed while it made one. */
export async function removeLeftSnapshots(dataFolder: string): Promise<void> {
  const folder = path.join(dataFolder, 'run');
  for (const name of await fs.readdir(folder).catch(() => [])) {
    if (name.startsWith('snapshot-')) await fs.rm(path.join(folder, name), { force: true });
  }
}
