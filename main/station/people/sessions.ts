import { randomBytes } from 'node:crypto';
import type { Role } from '../../../shared/domain/people.ts';

export interface SignedIn {
  readonly personId: string;
  readonly login: string;
  readonly displayName: string;
  readonly role: Role;
}

/** Signed-in people by token; in memory only, so a restart signs everybody out. */
export class Sessions {
  readonly #byToken = new Map<string, SignedIn>();

  open(person: SignedIn): string {
    const token = randomBytes(32).toString('base64url');
    this.#byToken.set(token, person);
    return token;
  }

  find(token: string | null): SignedIn | null {
    return token === null ? null : (this.#byToken.get(token) ?? null);
  }

  /** Whether anybody is signed in. */
  isAnybody(): boolean {
    return this.#byToken.size > 0;
  }

  close(token: string): void {
    this.#byToken.delete(token);
  }

  /** A person was disabled, or their role changed: they sign in again. */
  closeOf(personId: string): void {
    for (const [token, person] of this.#byToken) if (person.personId === personId) this.#byToken.delete(token);
  }
}
