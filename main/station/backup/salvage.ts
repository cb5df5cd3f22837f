import type { Connection, SqlRow } from '../store/index.ts';

/** Rows that could be read of one table, and how many rowids could not (at most so many rows). */
export interface Salvaged {
  readonly table: string;
  readonly rows: readonly SqlRow[];
  readonly unreadable: number;
}

const ROWS_PER_PAGE = 120;

/**
 * Reads every row that can be read of a damaged index, around its damaged pages: ranges that fail are halved until what is left are
 * single rows. By the driver that goes on after a page that does not open; SQLCipher itself answers nothing any more after the first.
 * @throws StoreStatementError when not even the names of the tables can be read
 */
export async function salvage(index: Connection): Promise<Salvaged[]> {
  const tables = await index.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
  );
  const pages = (await index.get<{ page_count: number }>('PRAGMA page_count'))?.page_count ?? 0;
  const found: Salvaged[] = [];
  for (const { name } of tables) found.push(await salvageTable(index, name, pages * ROWS_PER_PAGE));
  return found;
}

async function salvageTable(index: Connection, table: string, bound: number): Promise<Salvaged> {
  const last = await index
    .get<{ last: number | null }>(`SELECT max(rowid) AS last FROM "${table}"`)
    .then((row) => row?.last ?? 0)
    .catch(() => bound);
  const rows: SqlRow[] = [];
  let unreadable = 0;
  let pending = 0;
  const read = async (from: number, to: number): Promise<void> => {
    if (from > to) return;
    try {
      const part = await index.all(`SELECT * FROM "${table}" WHERE rowid BETWEEN ? AND ? ORDER BY rowid`, [from, to]);
      if (part.length > 0) {
        // Failures after the last row that can be read are mostly rowids that never were.
        unreadable += pending;
        pending = 0;
      }
      rows.push(...part);
    } catch {
      if (from === to) {
        pending += 1;
        return;
      }
      const middle = Math.floor((from + to) / 2);
      await read(from, middle);
      await read(middle + 1, to);
    }
  };
  // In pieces: one array of all rows at a time would be large, and a failure far away would be read for twice.
  for (let from = 1; from <= last; from += 1000) await read(from, Math.min(last, from + 999));
  return { table, rows, unreadable: unreadable + Math.min(pending, last === bound ? ROWS_PER_PAGE : pending) };
}
