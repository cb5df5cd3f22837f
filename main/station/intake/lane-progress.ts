/** Live numbers of one lane: kept in memory only, because the store knows the stages. */
export interface LaneProgress {
  phase: 'listing' | 'reading' | 're-reading' | 'previews' | 'erasing' | 'checking';
  itemsDone: number;
  itemsTotal: number;
  bytesDone: number;
  bytesTotal: number;
}

const WINDOW_MS = 5000;

/** Speed over the last seconds, for "time left". */
export class Speed {
  #samples: { at: number; bytes: number }[] = [];

  add(bytes: number, at = Date.now()): void {
    this.#samples.push({ at, bytes });
    this.#samples = this.#samples.filter((sample) => at - sample.at <= WINDOW_MS);
  }

  /** Bytes per second, null until there is enough to say. */
  perSecond(at = Date.now()): number | null {
    const recent = this.#samples.filter((sample) => at - sample.at <= WINDOW_MS);
    const first = recent[0];
    if (!first || recent.length < 2) return null;
    const span = Math.max(at - first.at, 1);
    return (recent.slice(1).reduce((total, sample) => total + sample.bytes, 0) * 1000) / span;
  }
}
