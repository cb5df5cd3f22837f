import { DEBOUNCE_MS } from '../../../shared/domain/buttons.ts';

/** A report that says "pressed" again after this long without any is a new press: some buttons never tell that they were released (ms). */
export const SILENT_RELEASE_MS = 1500;

/** Which bits of a report mean "pressed". */
export interface Pattern {
  readonly mask: Uint8Array;
  readonly value: Uint8Array;
}

/** Whether a report says that the button is down. */
export function saysPressed({ mask, value }: Pattern, report: Uint8Array): boolean {
  return report.length >= mask.length && mask.every((bits, at) => (report[at]! & bits) === value[at]);
}

/** Whether a report is about this button at all: a device sends reports of several kinds, told apart by their first byte. */
function isAbout({ mask, value }: Pattern, report: Uint8Array): boolean {
  return report.length >= mask.length && (mask[0] !== 0xff || mask.length === 1 || report[0] === value[0]);
}

/**
 * Finds the presses in a device's reports: one for each time the button goes down after it has been up for 300 ms. Bouncing contacts,
 * held buttons and devices that repeat themselves make no second press.
 */
export class PressEdge {
  readonly #pattern: Pattern;
  #isDown = false;
  #lastDownAt = Number.NEGATIVE_INFINITY;

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  /**
   * One report, in the order sent.
   * @param at milliseconds on a clock that only goes forward
   * @returns true when this report is a press
   */
  report(report: Uint8Array, at: number): boolean {
    if (!isAbout(this.#pattern, report)) return false;
    const before = this.#lastDownAt;
    const wasDown = this.#isDown;
    this.#isDown = saysPressed(this.#pattern, report);
    if (wasDown || this.#isDown) this.#lastDownAt = at;
    if (!this.#isDown) return false;
    return at - before >= (wasDown ? SILENT_RELEASE_MS : DEBOUNCE_MS);
  }
}
