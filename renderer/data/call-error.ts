/** A call that the station refused or could not answer. `code` is stable; words for it live in i18n. */
export class CallError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;

  constructor(code: string, details: Record<string, string | number | boolean | null> = {}) {
    super(code);
    this.name = 'CallError';
    this.code = code;
    this.details = details;
  }
}

/** The stable code of whatever was thrown. No station answers: why none could be started says more, where the shell knows it. */
export function codeOf(error: unknown): string {
  if (!(error instanceof CallError)) return 'internal';
  const { because } = error.details;
  return error.code === 'station-unreachable' && typeof because === 'string' ? because : error.code;
}

/** Codes after which nobody is signed in any more: the window goes back to sign-in and forgets what it showed. */
export function endsSession(code: string): boolean {
  return code === 'locked' || code === 'not-signed-in' || code === 'store-locked';
}
