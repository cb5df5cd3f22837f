/** Slows guessing of passwords: after five failures in a row each further try of that login waits longer, up to a minute. */
export class SignInThrottle {
  readonly #failures = new Map<string, { count: number; until: number }>();
  readonly #now: () => number;

  /** @param now ms of a clock that nobody sets: a leap of the system's must lock nobody out */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Milliseconds that this login has to wait, 0 when it may try. */
  waitOf(login: string): number {
    return Math.max(0, (this.#failures.get(login)?.until ?? 0) - this.#now());
  }

  failed(login: string): void {
    const count = (this.#failures.get(login)?.count ?? 0) + 1;
    const wait = count < 5 ? 0 : Math.min(60_000, 1000 * 2 ** (count - 5));
    this.#failures.set(login, { count, until: this.#now() + wait });
  }

  succeeded(login: string): void {
    this.#failures.delete(login);
  }
}
