import { PhotodockError } from '../../../../shared/domain/errors.ts';

/** The bytes are not a JPEG, or are broken. `details.offset` is the byte where it showed. */
export class JpegMalformedError extends PhotodockError {
  constructor(message: string, offset: number, details: Record<string, string | number | boolean | null> = {}) {
    super('jpeg-malformed', message, { ...details, offset });
  }
}

/** A JPEG that may well be sound, but of a kind that this code doesn't handle (12 bit, arithmetic, lossless, too large). */
export class JpegUnsupportedError extends PhotodockError {
  constructor(message: string, details: Record<string, string | number | boolean | null> = {}) {
    super('jpeg-unsupported', message, details);
  }
}

/** The entropy-coded data of a scan end before its last block. Only a truncated file is forgiven this, see decode-coefficients.ts. */
export class EntropyEndedError extends JpegMalformedError {
  constructor(offset: number) {
    super('entropy-coded data end early', offset);
  }
}
