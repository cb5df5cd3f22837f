/**
 * Base of every error that crosses a room's border. `code` is stable and is what clients see; `message` is for engineers
 * and must never hold patient data; `details` holds only what is safe to log (UIDs, tags, counts, JSON paths).
 */
export class PhotodockError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;

  constructor(
    code: string,
    message: string,
    details: Record<string, string | number | boolean | null> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** Throws for a value that the types say cannot exist: keeps switches exhaustive. */
export function missingCase(value: never): never {
  throw new PhotodockError('missing-case', `unhandled case: ${typeof value}`);
}

/** The stable code of any thrown value: our own, Node's `ERR_*`/`E*`, or `internal`. */
export function errorCode(error: unknown): string {
  if (error instanceof PhotodockError) return error.code;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'internal';
}
