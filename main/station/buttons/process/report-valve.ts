/** Reports of one device that go on to the station each second. */
const MOST_PER_SECOND = 250;
/** A device that repeats itself is told of this often (ms): enough to know that a button is still held. */
const REPEAT_MS = 250;

/**
 * Keeps a talkative device from flooding the station: what it repeats is thinned out, and what is too much is dropped. A scanner repeats
 * itself only when it reads the same code again: nothing of it is thinned out.
 */
export class ReportValve {
  readonly #mayRepeat: boolean;
  #last = '';
  #lastAt = Number.NEGATIVE_INFINITY;
  #second = 0;
  #count = 0;

  constructor(mayRepeat: boolean) {
    this.#mayRepeat = mayRepeat;
  }

  /** Whether this report (hex) goes on. `at` in ms on a clock that only goes forward. */
  passes(report: string, at: number): boolean {
    if (!this.#mayRepeat && report === this.#last && at - this.#lastAt < REPEAT_MS) return false;
    const second = Math.floor(at / 1000);
    if (second !== this.#second) this.#count = 0;
    this.#second = second;
    this.#count++;
    if (this.#count > MOST_PER_SECOND) return false;
    this.#last = report;
    this.#lastAt = at;
    return true;
  }
}
