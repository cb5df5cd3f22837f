import type { Reader, Transaction } from '../store/index.ts';

/** What the index remembers of backups; it travels with them, so a restored station knows the one before. */
export interface LastBackup {
  readonly at: number;
  readonly generation: string;
  /** Folders that were ever backed up to. */
  readonly folders: readonly string[];
}

const NAME = 'last-backup';

/** When and where this store was backed up last; null when never. */
export async function readLastBackup(reader: Reader): Promise<LastBackup | null> {
  const row = await reader.get<{ value: Uint8Array }>('SELECT value FROM setting WHERE name = ?', [NAME]);
  return row ? (JSON.parse(Buffer.from(row.value).toString('utf8')) as LastBackup) : null;
}

export async function rememberBackup(
  tx: Transaction,
  { folder, ...last }: { at: number; generation: string; folder: string },
): Promise<void> {
  const folders = new Set([folder, ...((await readLastBackup(tx))?.folders ?? [])]);
  const value = Buffer.from(JSON.stringify({ ...last, folders: [...folders].slice(0, 20) } satisfies LastBackup));
  await tx.run(
    'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [NAME, value],
  );
}
