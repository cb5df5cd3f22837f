import type { CannotReason } from '../types.ts';

/** Why a picture cannot be decoded. Lives only inside the child; its code crosses the pipe, its message never does. */
export class DecodeError extends Error {
  readonly code: CannotReason;

  constructor(code: CannotReason) {
    super(code);
    this.code = code;
  }
}
