/**
 * The session token of the person at this window. It lives here, in the memory of the main process, and nowhere else: the
 * page never sees it, and locking forgets it.
 */
export class Access {
  #token: string | null = null;
  readonly #onChange: () => void;

  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange;
  }

  get token(): string | null {
    return this.#token;
  }

  /** Remembers the token of a new session and gives back the one it replaces. */
  grant(token: string): string | null {
    return this.#replace(token);
  }

  /** Forgets the token and gives it back, so that the station can be told. */
  forget(): string | null {
    return this.#token === null ? null : this.#replace(null);
  }

  #replace(token: string | null): string | null {
    const before = this.#token;
    this.#token = token;
    this.#onChange();
    return before;
  }
}
