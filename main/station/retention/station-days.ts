import type { IndexStore } from '../store/index.ts';

/** The station has to run so long before it counts another day. */
const OBSERVED_MS = 10 * 60_000;

/** The two clocks: the wall's, which may leap, and the time since the process began, which cannot. */
export interface Clocks {
  now(): number;
  elapsed(): number;
}

/**
 * Counts the days on which the station ran. Retention is measured in these and in nothing else: a clock that leaps by years is
 * one new day, a clock that is set back is none, and a clock that is moved about day by day has to stay ten minutes on each.
 */
export class StationDays {
  readonly #store: IndexStore;
  readonly #clocks: Clocks;
  #countedAt: number;

  constructor(store: IndexStore, clocks: Clocks = { now: Date.now, elapsed: () => performance.now() }) {
    this.#store = store;
    this.#clocks = clocks;
    this.#countedAt = clocks.elapsed();
  }

  /** Looks at the calendar, and begins the retention of what has reached its end since. Called every minute. */
  async observe(): Promise<void> {
    const date = localDate(this.#clocks.now());
    const known = await this.#store.read.get<{ last: number | null; today: number | null }>(
      'SELECT max(number) AS last, max(CASE WHEN date = ? THEN number END) AS today FROM station_day',
      [date],
    );
    const last = known?.last ?? null;
    const isNewDay = (known?.today ?? null) === null;
    const isObserved = last === null || this.#clocks.elapsed() - this.#countedAt >= OBSERVED_MS;
    const count = isNewDay && isObserved;
    const begins = await this.#store.read.get(`SELECT 1 FROM capture WHERE ${UNAGED} LIMIT 1`);
    if (!count && !begins) return;
    if (count) this.#countedAt = this.#clocks.elapsed();
    await this.#store.write(async (tx) => {
      if (count)
        await tx.run('INSERT OR IGNORE INTO station_day (number, date, counted_at) VALUES (?, ?, ?)', [
          (last ?? 0) + 1,
          date,
          this.#clocks.now(),
        ]);
      await tx.run(`UPDATE capture SET retention_day = (SELECT max(number) FROM station_day) WHERE ${UNAGED}`);
    });
  }
}

const UNAGED = "retention_day IS NULL AND stage IN ('confirmed', 'rejected')";

function localDate(at: number): string {
  const day = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
