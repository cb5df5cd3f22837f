/** Keys of a scanner follow each other faster than any hand, also over radio (ms). */
export const SCAN_GAP = 50;
/** Shorter codes are not identifiers. */
const SCAN_LENGTH = 4;

/**
 * Tells a wristband scanner that types from a person who types: a run of characters with less than 50 ms between them, ended
 * by Enter. It only watches; it never keeps a key from anybody. Identifiers hold digits and no spaces, words do not, so that
 * a fast typist who searches a name is not taken for a scanner.
 */
export class ScanDetector {
  #code = '';
  #lastAt = Number.NEGATIVE_INFINITY;

  /**
   * One key, in the order pressed.
   * @param key as in KeyboardEvent.key
   * @param at milliseconds on any clock that only goes forward
   * @returns the scanned code when this key ended one
   */
  press(key: string, at: number): string | null {
    if (key === 'Shift' || key === 'CapsLock' || key === 'AltGraph') return null;
    const fast = at - this.#lastAt < SCAN_GAP;
    this.#lastAt = at;
    if (key === 'Enter') {
      const code = fast ? this.#code : '';
      this.#code = '';
      return isIdentifier(code) ? code : null;
    }
    if ([...key].length !== 1) {
      this.#code = '';
      return null;
    }
    this.#code = fast ? this.#code + key : key;
    return null;
  }

  /** True while the last keys came as fast as a scanner's: one-key commands wait. */
  get inBurst(): boolean {
    return this.#code.length > 1;
  }
}

function isIdentifier(code: string): boolean {
  return code.length >= SCAN_LENGTH && !/\s/.test(code) && (code.match(/\d/g)?.length ?? 0) >= 2;
}
