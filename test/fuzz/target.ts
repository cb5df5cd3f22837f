import { errorCode } from '../../shared/domain/errors.ts';

/** One parser of ours and what must hold for any bytes at all. */
export interface FuzzTarget {
  readonly name: string;
  /** Code whose coverage leads the search: ends of file paths below main/ and shared/. */
  readonly covers: readonly string[];
  /** Inputs to begin with, beside the committed corpus. */
  readonly seeds: () => readonly Uint8Array[];
  /** Pieces that mutations put in. */
  readonly dictionary: readonly (string | Uint8Array)[];
  /** Inputs between two looks at the coverage, for parsers so quick that looking would be most of the work. Default 64. */
  readonly batch?: number;
  /** @throws when the property does not hold: anything but the parser's own named errors, or a false result */
  run(bytes: Buffer): void | Promise<void>;
}

/** Runs the parser; null when it refused by one of its own codes. Whatever else it throws goes on. */
export function unlessRefused<T>(codes: readonly string[], parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (codes.includes(errorCode(error))) return null;
    throw error;
  }
}

export function check(isRight: boolean, message: string): asserts isRight {
  if (!isRight) throw new Error(`property does not hold: ${message}`);
}

/** Whether a view lies within other bytes: nothing was read that does not belong to them. */
export function isWithin(part: Uint8Array, whole: Uint8Array): boolean {
  if (part.buffer !== whole.buffer) return false;
  return part.byteOffset >= whole.byteOffset && part.byteOffset + part.length <= whole.byteOffset + whole.length;
}
