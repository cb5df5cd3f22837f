import { Session } from 'node:inspector/promises';

/** What code was run, as V8 counts it: by blocks, exactly, for the files that are asked for. */
export class Coverage {
  readonly #session = new Session();
  readonly #isWanted: (url: string) => boolean;
  /** Per file: 1 where code has been run, 0 where V8 knows code that has not, 255 where it knows none. */
  readonly #seen = new Map<string, Uint8Array>();

  constructor(isWanted: (url: string) => boolean) {
    this.#isWanted = isWanted;
  }

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  async stop(): Promise<void> {
    await this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  /** What was run since the last call is taken for seen. @returns how many characters of code ran for the first time */
  take(): Promise<number> {
    return this.#compare(true);
  }

  /** The same without taking it for seen. */
  look(): Promise<number> {
    return this.#compare(false);
  }

  async #compare(keep: boolean): Promise<number> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    let fresh = 0;
    for (const { url, functions } of result) {
      if (!this.#isWanted(url)) continue;
      const ranges = functions.flatMap((one) => one.ranges);
      const end = ranges.reduce((most, range) => Math.max(most, range.endOffset), 0);
      const now = new Uint8Array(end).fill(255);
      // Functions come outermost first, and so do the ranges in them: the innermost has the last word.
      for (const { startOffset, endOffset, count } of ranges) now.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      const seen = this.#seenOf(url, end);
      for (let at = 0; at < end; at++) {
        if (now[at] === 1 && seen[at] !== 1) {
          if (keep) seen[at] = 1;
          fresh++;
        } else if (now[at] === 0 && seen[at] === 255) {
          seen[at] = 0;
        }
      }
    }
    return fresh;
  }

  /** Characters of code that ran, of all that V8 knows of. */
  reached(): { run: number; known: number } {
    let run = 0;
    let known = 0;
    for (const seen of this.#seen.values()) {
      for (const mark of seen) {
        if (mark === 1) run++;
        if (mark !== 255) known++;
      }
    }
    return { run, known };
  }

  forget(): void {
    this.#seen.clear();
  }

  #seenOf(url: string, length: number): Uint8Array {
    const known = this.#seen.get(url);
    if (known && known.length >= length) return known;
    const larger = new Uint8Array(length).fill(255);
    if (known) larger.set(known);
    this.#seen.set(url, larger);
    return larger;
  }
}
