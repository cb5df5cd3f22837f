import type { Connection, SqlRow } from '../store/index.ts';

/** Rows that could be read of one table, and how many rowids could not (at most so many rows). */
export interface Salvaged {
  readonly table: string;
  readonly rows: readonly SqlRow[];
  readonly unreadable: number;
}

/** More rows than a page of ours holds: how many rowids there may be where the last page cannot be read. */
const ROWS_PER_PAGE = 120;
const PIECE = 1000;
const SAMPLES = 16;

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
  const readable = async (from: number, to: number): Promise<SqlRow[] | null> =>
    index
      .all(`SELECT * FROM "${table}" WHERE rowid BETWEEN ? AND ? ORDER BY rowid`, [from, to])
      .catch((): null => null);
  /** Answers whether anything of the range could be read. */
  const read = async (from: number, to: number): Promise<boolean> => {
    if (from > to) return false;
    const part = await readable(from, to);
    if (part === null && from < to) {
      const middle = Math.floor((from + to) / 2);
      const first = await read(from, middle);
      return (await read(middle + 1, to)) || first;
    }
    if (part === null) {
      pending += 1;
      return false;
    }
    if (part.length > 0) {
      // Failures after the last row that can be read are mostly rowids that never were.
      unreadable += pending;
      pending = 0;
    }
    rows.push(...part);
    return true;
  };
  let wholeWasLost = false;
  for (let from = 1; from <= last; from += PIECE) {
    const to = Math.min(last, from + PIECE - 1);
    // Where a page above many is damaged, everything below it is lost: then a few looks are enough.
    if (wholeWasLost && (await nothingIn(from, to, readable))) {
      pending += to - from + 1;
      continue;
    }
    wholeWasLost = !(await read(from, to));
  }
  return { table, rows, unreadable: unreadable + Math.min(pending, last === bound ? ROWS_PER_PAGE : pending) };
}

async function nothingIn(
  from: number,
  to: number,
  readable: (from: number, to: number) => Promise<SqlRow[] | null>,
): Promise<boolean> {
  const step = Math.max(1, Math.floor((to - from) / SAMPLES));
  for (let at = from; at <= to; at += step) if ((await readable(at, at)) !== null) return false;
  return true;
}
