import { randomUUID } from 'node:crypto';
import { errorCode } from '../../../shared/domain/errors.ts';
import type { WorklistEntry } from '../../../shared/domain/worklist.ts';
import type { IndexStore, Reader } from '../store/index.ts';

/** Asks the hospital's worklist. Given by `station.ts`, so that this room knows no network. */
export type AskWorklist = (signal: AbortSignal) => Promise<{ entries: WorklistEntry[]; skipped: readonly unknown[] }>;

export interface CachedEntry {
  readonly id: string;
  readonly entry: WorklistEntry;
  readonly fetchedAt: number;
  readonly gone: boolean;
}

export interface WorklistCacheState {
  readonly fetchedAt: number | null;
  readonly count: number;
  readonly skipped: number;
  readonly lastTryAt: number | null;
  readonly code: string | null;
}

interface EntryRow {
  id: string;
  entry: string;
  fetched_at: number;
  gone: number;
}

/** Folds case, accents and width, so that "muller" finds Müller. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[\^=,]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function searchText(entry: WorklistEntry): string {
  const { name, id, otherIds } = entry.patient;
  return fold([name.alphabetic, name.ideographic, name.phonetic, id, ...otherIds, entry.accessionNumber].join(' '));
}

const toCached = (row: EntryRow): CachedEntry => ({
  id: row.id,
  entry: JSON.parse(row.entry) as WorklistEntry,
  fetchedAt: row.fetched_at,
  gone: row.gone === 1,
});

/** Entries that are gone from the worklist stay this long for pictures that come late, then they are dropped. */
const KEEP_GONE_MS = 7 * 24 * 3600 * 1000;

/**
 * The worklist as the station knows it: asked regularly, kept in the store, and so usable while the hospital's system is
 * away, with its age shown.
 */
export class Worklist {
  readonly #store: IndexStore;
  readonly #ask: AskWorklist | null;
  readonly #onChange: () => void;
  #state: Omit<WorklistCacheState, 'fetchedAt' | 'count'> = { skipped: 0, lastTryAt: null, code: null };
  #refreshing: Promise<void> | null = null;

  constructor(store: IndexStore, ask: AskWorklist | null, onChange: () => void) {
    this.#store = store;
    this.#ask = ask;
    this.#onChange = onChange;
  }

  get configured(): boolean {
    return this.#ask !== null;
  }

  async state(): Promise<WorklistCacheState> {
    const row = await this.#store.read.get<{ fetched: number | null; count: number }>(
      'SELECT max(fetched_at) AS fetched, sum(gone = 0) AS count FROM worklist_item',
    );
    const kept = await this.#store.read.get<{ value: Uint8Array }>(
      "SELECT value FROM setting WHERE name = 'worklist-fetched-at'",
    );
    const fetchedAt = kept ? Number(Buffer.from(kept.value).toString()) : (row?.fetched ?? null);
    return { fetchedAt, count: row?.count ?? 0, ...this.#state };
  }

  /** Asks the worklist now; a failure is kept as a state, the cached entries stay. */
  async refresh(signal: AbortSignal): Promise<void> {
    this.#refreshing ??= this.#refresh(signal).finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    if (!this.#ask) return;
    const now = Date.now();
    try {
      const { entries, skipped } = await this.#ask(signal);
      await this.#replace(entries, now);
      this.#state = { skipped: skipped.length, lastTryAt: now, code: null };
    } catch (error) {
      if (signal.aborted) return;
      this.#state = { ...this.#state, lastTryAt: now, code: errorCode(error) };
    }
    this.#onChange();
  }

  async #replace(entries: readonly WorklistEntry[], now: number): Promise<void> {
    await this.#store.write(async (tx) => {
      await tx.run('UPDATE worklist_item SET gone = 1');
      for (const entry of entries) {
        await tx.run(
          `INSERT INTO worklist_item (id, study_instance_uid, step_id, patient_id, search_text, entry, fetched_at, gone)
           VALUES (?, ?, ?, ?, ?, ?, ?, 0)
           ON CONFLICT (study_instance_uid, step_id, patient_id) DO UPDATE SET
             search_text = excluded.search_text, entry = excluded.entry, fetched_at = excluded.fetched_at, gone = 0`,
          [
            randomUUID(),
            entry.studyInstanceUid,
            entry.scheduledProcedureStepId ?? '',
            entry.patient.id,
            searchText(entry),
            JSON.stringify(entry),
            now,
          ],
        );
      }
      await tx.run('DELETE FROM worklist_item WHERE gone = 1 AND fetched_at < ?', [now - KEEP_GONE_MS]);
      await tx.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('worklist-fetched-at', ?)", [
        Buffer.from(String(now)),
      ]);
    });
  }

  /** Entries in which every word of the query begins a word of name, MRN or accession; current ones first. */
  async search(query: string, limit: number): Promise<CachedEntry[]> {
    const words = fold(query).split(' ').filter(Boolean);
    const where = words.map(() => "(' ' || search_text) LIKE ? ESCAPE '\\'").join(' AND ') || '1';
    const rows = await this.#store.read.all<EntryRow>(
      `SELECT id, entry, fetched_at, gone FROM worklist_item WHERE ${where} ORDER BY gone, search_text LIMIT ?`,
      [...words.map((word) => `% ${word.replace(/[\\%_]/g, '\\$&')}%`), limit],
    );
    return rows.map(toCached);
  }

  /** Entries whose MRN or accession number is exactly what was scanned. */
  async scan(code: string): Promise<CachedEntry[]> {
    const wanted = code.trim();
    if (wanted === '') return [];
    const rows = await this.#store.read.all<EntryRow>(
      'SELECT id, entry, fetched_at, gone FROM worklist_item WHERE gone = 0',
    );
    return rows
      .map(toCached)
      .filter(({ entry }) => [entry.patient.id, entry.accessionNumber, ...entry.patient.otherIds].includes(wanted));
  }

  async find(id: string, reader: Reader = this.#store.read): Promise<CachedEntry | null> {
    const row = await reader.get<EntryRow>('SELECT id, entry, fetched_at, gone FROM worklist_item WHERE id = ?', [id]);
    return row ? toCached(row) : null;
  }
}
