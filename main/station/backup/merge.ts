import type { Connection, SqlValue } from '../store/index.ts';
import type { Salvaged } from './salvage.ts';

/**
 * Lays salvaged rows over (`newer`) or under an index that is sound. Lines of the audit are never replaced: the chain itself says
 * which line follows which.
 */
export async function layRows(index: Connection, found: readonly Salvaged[], newer: boolean): Promise<number> {
  let written = 0;
  await index.exec('PRAGMA foreign_keys = OFF');
  await index.exec('BEGIN IMMEDIATE');
  try {
    for (const { table, rows } of found) {
      const columns = (await index.all<{ name: string }>(`PRAGMA table_info("${table}")`)).map(({ name }) => name);
      if (columns.length === 0) continue;
      const how = newer && table !== 'audit' ? 'REPLACE' : 'IGNORE';
      for (const row of rows) {
        const names = columns.filter((name) => Object.hasOwn(row, name));
        const marks = names.map(() => '?').join(', ');
        written += await index.run(
          `INSERT OR ${how} INTO "${table}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${marks})`,
          names.map((name) => row[name] as SqlValue),
        );
      }
    }
    await index.exec('COMMIT');
  } catch (error) {
    await index.exec('ROLLBACK');
    throw error;
  }
  return written;
}

interface Violation {
  readonly table: string;
  readonly rowid: number;
  readonly parent: string;
  readonly fkid: number;
}

/** What stands in for a row that nobody has any more, so that what hung on it can stay. */
const STAND_INS: Readonly<Record<string, (id: string) => [string, SqlValue[]][]>> = {
  medium: (id) => [
    [
      "INSERT OR IGNORE INTO medium (id, identity, kind, label, first_docked_at) VALUES (?, ?, 'folder', 'lost', 0)",
      [id, `lost ${id}`],
    ],
  ],
  docking: (id) => [
    ...STAND_INS['medium']!('lost-medium'),
    [
      "INSERT OR IGNORE INTO docking (id, medium_id, root, read_only, started_at, ended_at, listed_at) VALUES (?, 'lost-medium', '', 1, 0, 0, 0)",
      [id],
    ],
  ],
  person: (id) => [
    [
      "INSERT OR IGNORE INTO person (id, login, display_name, role, disabled, created_at) VALUES (?, ?, 'Lost', 'staff', 1, 0)",
      [id, `lost-${id}`],
    ],
  ],
};

/**
 * Mends what refers to lost rows: a lost medium, docking or person gets a stand-in; an item without its capture is grouped anew; what means
 * nothing without its lost row goes.
 * @returns how many rows went, by table
 */
export async function mendReferences(index: Connection): Promise<Record<string, number>> {
  const gone: Record<string, number> = {};
  for (let round = 0; round < 20; round += 1) {
    const violations = await index.all<Violation>('PRAGMA foreign_key_check');
    if (violations.length === 0) break;
    for (const violation of violations) {
      const { table, rowid, parent, fkid } = violation;
      const keys = await index.all<{ id: number; from: string }>(`PRAGMA foreign_key_list("${table}")`);
      const column = keys.find(({ id }) => id === fkid)!.from;
      const value = (
        await index.get<{ id: string }>(`SELECT "${column}" AS id FROM "${table}" WHERE rowid = ?`, [rowid])
      )?.id;
      if (value === undefined) continue;
      const standIn = STAND_INS[parent];
      if (standIn) {
        for (const [sql, parameters] of standIn(value)) await index.run(sql, parameters);
      } else if (table === 'item' && column === 'capture_id') {
        await index.run('UPDATE item SET capture_id = NULL, inspected_at = NULL WHERE rowid = ?', [rowid]);
      } else if (table === 'capture' && column === 'duplicate_of') {
        await index.run('UPDATE capture SET duplicate_of = NULL WHERE rowid = ?', [rowid]);
      } else {
        await index.run(`DELETE FROM "${table}" WHERE rowid = ?`, [rowid]);
        gone[table] = (gone[table] ?? 0) + 1;
      }
    }
  }
  await index.exec('PRAGMA foreign_keys = ON');
  return gone;
}
