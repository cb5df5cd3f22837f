import { randomUUID } from 'node:crypto';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import type { Role } from '../../../shared/domain/people.ts';
import { appendAudit } from '../audit/index.ts';
import type { IndexStore } from '../store/index.ts';
import type { Keyring } from './keyring.ts';
import type { Sessions, SignedIn } from './sessions.ts';

export interface Person {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
  readonly role: Role;
  readonly disabled: boolean;
}

interface PersonRow {
  id: string;
  login: string;
  display_name: string;
  role: Role;
  disabled: number;
}

export class PeopleError extends PhotodockError {}

const toPerson = (row: PersonRow): Person => ({
  id: row.id,
  login: row.login,
  displayName: row.display_name,
  role: row.role,
  disabled: row.disabled === 1,
});

/** Who may use this station. The store knows names and roles; the keyring holds each person's way into the store. */
export class People {
  readonly #store: IndexStore;
  readonly #keyring: Keyring;
  readonly #sessions: Sessions;
  readonly #storeKey: Uint8Array;

  constructor(store: IndexStore, keyring: Keyring, sessions: Sessions, storeKey: Uint8Array) {
    this.#store = store;
    this.#keyring = keyring;
    this.#sessions = sessions;
    this.#storeKey = storeKey;
  }

  async list(): Promise<Person[]> {
    return (await this.#store.read.all<PersonRow>('SELECT * FROM person ORDER BY display_name')).map(toPerson);
  }

  async find(id: string): Promise<Person | null> {
    const row = await this.#store.read.get<PersonRow>('SELECT * FROM person WHERE id = ?', [id]);
    return row ? toPerson(row) : null;
  }

  /**
   * Adds a person. The row is written first and the key last: a crash between leaves a person who cannot sign in, whom
   * adding again completes, never a key for nobody.
   * @throws PeopleError `login-taken`
   */
  async add(
    input: { login: string; displayName: string; role: Role; password: string },
    by: SignedIn | null,
  ): Promise<Person> {
    const existing = await this.#store.read.get<PersonRow>('SELECT * FROM person WHERE login = ?', [input.login]);
    const unfinished = existing && !(await this.#keyring.knows(existing.id));
    if (existing && !unfinished) throw new PeopleError('login-taken', 'this login is already in use');
    const id = existing?.id ?? randomUUID();
    await this.#store.write(async (tx) => {
      await tx.run(
        `INSERT INTO person (id, login, display_name, role, disabled, created_at) VALUES (?, ?, ?, ?, 0, ?)
         ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, role = excluded.role, disabled = 0`,
        [id, input.login, input.displayName, input.role, Date.now()],
      );
      await appendAudit(tx, {
        person: by?.personId ?? id,
        action: 'person-added',
        subject: id,
        facts: { role: input.role },
      });
    });
    await this.#keyring.wrap(id, input.login, input.password, this.#storeKey);
    return { id, login: input.login, displayName: input.displayName, role: input.role, disabled: false };
  }

  /** Changes role, password or whether a person may sign in. @throws PeopleError `no-such-person`, `last-lead` */
  async update(
    id: string,
    change: { role?: Role | undefined; disabled?: boolean | undefined; password?: string | undefined },
    by: SignedIn,
  ): Promise<Person> {
    const { person, next } = await this.#store.write(async (tx) => {
      // Asked inside the transaction: two leads who disable each other at once must not both succeed.
      const rows = await tx.all<PersonRow>('SELECT * FROM person');
      const person = rows.map(toPerson).find((one) => one.id === id);
      if (!person) throw new PeopleError('no-such-person', 'there is no such person');
      const next = { ...person, role: change.role ?? person.role, disabled: change.disabled ?? person.disabled };
      const loses = person.role === 'lead' && !person.disabled && (next.role !== 'lead' || next.disabled);
      if (loses && rows.filter((row) => row.role === 'lead' && row.disabled === 0).length <= 1) {
        throw new PeopleError('last-lead', 'the station needs at least one lead who can sign in');
      }
      await tx.run('UPDATE person SET role = ?, disabled = ? WHERE id = ?', [next.role, next.disabled ? 1 : 0, id]);
      await appendAudit(tx, {
        person: by.personId,
        action: 'person-changed',
        subject: id,
        facts: { role: next.role, disabled: next.disabled, password: change.password !== undefined },
      });
      return { person, next };
    });
    if (change.password !== undefined) {
      await this.#keyring.wrap(id, person.login, change.password, this.#storeKey);
    }
    if (next.role !== person.role || next.disabled || change.password !== undefined) this.#sessions.closeOf(id);
    return next;
  }
}
