import { PhotodockError } from '../../../shared/domain/errors.ts';
import type { CannotReason } from './types.ts';

export type ImagingFailure =
  | CannotReason
  /** The child cannot be started. */
  | 'decoder-unavailable'
  /** The source gave fewer or more bytes than its size. */
  | 'source-incomplete'
  | 'imaging-closed';

/** An imaging job came to nothing; the code says why. */
export class ImagingFailedError extends PhotodockError {
  declare readonly code: ImagingFailure;

  constructor(code: ImagingFailure, message: string, options?: { cause?: unknown }) {
    super(code, message, {}, options);
  }
}
