import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { passing } from '#durable';
import { z } from 'zod';
import { PhotodockError } from '../../../shared/domain/errors.ts';

/**
 * The store key, wrapped once per person by a key derived from their password (scrypt, N = 2^17, r = 8, p = 1: 128 MB).
 * The file holds logins and wrapped keys, no patient data and no plain key. A person who can unwrap it has proven the
 * password: there is no second password hash that could disagree.
 */
const SCRYPT = { N: 1 << 17, r: 8, p: 1, maxmem: 256 << 20 } as const;

const base64Of = (bytes: number) =>
  z.string().refine((text) => {
    const decoded = Buffer.from(text, 'base64');
    return decoded.length === bytes && decoded.toString('base64') === text;
  });

const Entry = z.object({
  personId: z.string().min(1),
  login: z.string().min(1),
  salt: base64Of(16),
  nonce: base64Of(12),
  wrapped: base64Of(32 + 16),
  // What a damaged number could ask for is bounded: 1 GB of memory.
  N: z
    .number()
    .int()
    .min(1024)
    .max(1 << 20),
  r: z.literal(8),
  p: z.number().int().min(1).max(16),
  /** SHA-256 of all the rest: tells damage from a wrong password. Entries of earlier versions have none. */
  check: z.string().optional(),
});
type Entry = z.output<typeof Entry>;

/** Entries are looked at one by one: one person's damage must not lock out the others, nor be written away. */
const KeyringFile = z.object({ format: z.literal('photodock-keyring/1'), people: z.array(z.unknown()) });
type KeyringFile = z.output<typeof KeyringFile>;

function checkOf(entry: Omit<Entry, 'check'>): string {
  const { personId, login, salt, nonce, wrapped, N, r, p } = entry;
  return createHash('sha256')
    .update(JSON.stringify([personId, login, salt, nonce, wrapped, N, r, p]))
    .digest('hex');
}

function soundEntry(value: unknown): Entry | null {
  const entry = Entry.safeParse(value);
  if (!entry.success) return null;
  return entry.data.check === undefined || entry.data.check === checkOf(entry.data) ? entry.data : null;
}

/** keys.json is there but cannot be understood: nobody may sign in, nothing is overwritten. */
export class KeyringDamagedError extends PhotodockError {
  constructor() {
    super('keyring-damaged', 'keys.json is damaged: restore it from the backup; without it the store cannot be opened');
  }
}

/** keys.json cannot be read or written by this user, or its disk fails. */
export class KeyringUnreachableError extends PhotodockError {
  constructor(systemCode: string) {
    super('keyring-unreachable', `keys.json cannot be read (${systemCode})`, { systemCode });
  }
}

/** One person's entry in keys.json is damaged; the others can sign in, and a lead can give this person a new password. */
export class KeyringEntryDamagedError extends PhotodockError {
  constructor() {
    super('keyring-entry-damaged', "this person's entry in keys.json is damaged; the others are not touched by it");
  }
}

function derive(password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  const options = { N: cost.N, r: cost.r, p: cost.p, maxmem: SCRYPT.maxmem };
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key))),
  );
}

function fieldOf(value: unknown, name: 'personId' | 'login'): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** The wrapped store keys of the people of one data folder. */
export class Keyring {
  readonly #file: string;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(dataFolder: string) {
    this.#file = path.join(dataFolder, 'keys.json');
  }

  async #load(): Promise<KeyringFile> {
    const text = await fs.readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw new KeyringUnreachableError(error.code ?? 'unknown');
    });
    if (text === null) return { format: 'photodock-keyring/1', people: [] };
    let content: KeyringFile;
    try {
      content = KeyringFile.parse(JSON.parse(text));
    } catch {
      throw new KeyringDamagedError();
    }
    if (content.people.length > 0 && !content.people.some(soundEntry)) throw new KeyringDamagedError();
    return content;
  }

  async #save(content: KeyringFile): Promise<void> {
    const temporary = `${this.#file}.part`;
    const handle = await fs.open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(content, null, 1));
      await handle.sync();
    } catch (error) {
      // A full disk: what is there stays as it is.
      await fs.rm(temporary, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    passing('keys synced, not renamed');
    await fs.rename(temporary, this.#file);
    passing('keys renamed, folder not synced');
    const folder = await fs.open(path.dirname(this.#file), 'r');
    await folder.sync();
    await folder.close();
  }

  /** Reads, changes and saves in one go, one after the other: two people added at once must not lose one's key. */
  #change(update: (people: readonly unknown[]) => unknown[]): Promise<void> {
    const turn = this.#changing.then(async () => {
      const content = await this.#load();
      await this.#save({ ...content, people: update(content.people) });
    });
    this.#changing = turn.catch(() => undefined);
    return turn;
  }

  /** True while nobody can open the store: the first lead is still to be made. */
  async isEmpty(): Promise<boolean> {
    return (await this.#load()).people.length === 0;
  }

  /** Whether this person has a way into the store. */
  async knows(personId: string): Promise<boolean> {
    return (await this.#load()).people.some((one) => soundEntry(one)?.personId === personId);
  }

  /** How many people's entries are sound, and how many are damaged. @throws KeyringDamagedError, KeyringUnreachableError */
  async examine(): Promise<{ sound: number; damaged: number }> {
    const { people } = await this.#load();
    const sound = people.filter((one) => soundEntry(one) !== null).length;
    return { sound, damaged: people.length - sound };
  }

  /** Wraps the store key for a person, replacing what they had. */
  async wrap(personId: string, login: string, password: string, storeKey: Uint8Array): Promise<void> {
    const salt = randomBytes(16);
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', await derive(password, salt, SCRYPT), nonce);
    cipher.setAAD(Buffer.from(personId));
    const wrapped = Buffer.concat([cipher.update(storeKey), cipher.final(), cipher.getAuthTag()]);
    const entry = {
      personId,
      login,
      salt: salt.toString('base64'),
      nonce: nonce.toString('base64'),
      wrapped: wrapped.toString('base64'),
      N: SCRYPT.N,
      r: SCRYPT.r,
      p: SCRYPT.p,
    };
    const isTheirs = (one: unknown) => fieldOf(one, 'personId') === personId || fieldOf(one, 'login') === login;
    await this.#change((people) => [...people.filter((one) => !isTheirs(one)), { ...entry, check: checkOf(entry) }]);
  }

  /** Takes a person's way into the store away. */
  async forget(personId: string): Promise<void> {
    await this.#change((people) => people.filter((one) => fieldOf(one, 'personId') !== personId));
  }

  /** The person and the store key for a right password, else null. Takes equally long for an unknown login. */
  async unwrap(login: string, password: string): Promise<{ personId: string; storeKey: Uint8Array } | null> {
    const { people } = await this.#load();
    const entry = people.map(soundEntry).find((one) => one?.login === login);
    if (!entry) {
      // Whose it is a damaged entry may not tell any more: "wrong password" would send this person the wrong way.
      if (people.some((one) => soundEntry(one) === null)) throw new KeyringEntryDamagedError();
      await derive(password, randomBytes(16), SCRYPT);
      return null;
    }
    const wrapped = Buffer.from(entry.wrapped, 'base64');
    const key = await derive(password, Buffer.from(entry.salt, 'base64'), entry);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(entry.nonce, 'base64'));
    decipher.setAAD(Buffer.from(entry.personId));
    decipher.setAuthTag(wrapped.subarray(wrapped.length - 16));
    try {
      const plain = Buffer.concat([decipher.update(wrapped.subarray(0, wrapped.length - 16)), decipher.final()]);
      return { personId: entry.personId, storeKey: new Uint8Array(plain) };
    } catch {
      return null;
    }
  }
}
