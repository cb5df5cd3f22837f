import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
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

const KeyringFile = z.object({
  format: z.literal('photodock-keyring/1'),
  people: z.array(
    z.object({
      personId: z.string(),
      login: z.string(),
      salt: z.string(),
      nonce: z.string(),
      wrapped: z.string(),
      N: z.number(),
      r: z.number(),
      p: z.number(),
    }),
  ),
});
type KeyringFile = z.output<typeof KeyringFile>;
type Entry = KeyringFile['people'][number];

/** keys.json is there but cannot be read: nobody may sign in, nothing is overwritten. */
export class KeyringDamagedError extends PhotodockError {
  constructor() {
    super('keyring-damaged', 'keys.json is damaged: restore it from the backup; without it the store cannot be opened');
  }
}

function derive(password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  const options = { N: cost.N, r: cost.r, p: cost.p, maxmem: SCRYPT.maxmem };
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key))),
  );
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
      throw new KeyringDamagedError();
    });
    if (text === null) return { format: 'photodock-keyring/1', people: [] };
    try {
      return KeyringFile.parse(JSON.parse(text));
    } catch {
      throw new KeyringDamagedError();
    }
  }

  async #save(content: KeyringFile): Promise<void> {
    const temporary = `${this.#file}.part`;
    const handle = await fs.open(temporary, 'w', 0o600);
    await handle.writeFile(JSON.stringify(content, null, 1));
    await handle.sync();
    await handle.close();
    passing('keys synced, not renamed');
    await fs.rename(temporary, this.#file);
    passing('keys renamed, folder not synced');
    const folder = await fs.open(path.dirname(this.#file), 'r');
    await folder.sync();
    await folder.close();
  }

  /** Reads, changes and saves in one go, one after the other: two people added at once must not lose one's key. */
  #change(update: (people: readonly Entry[]) => Entry[]): Promise<void> {
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
    return (await this.#load()).people.some((p) => p.personId === personId);
  }

  /** Wraps the store key for a person, replacing what they had. */
  async wrap(personId: string, login: string, password: string, storeKey: Uint8Array): Promise<void> {
    const salt = randomBytes(16);
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', await derive(password, salt, SCRYPT), nonce);
    cipher.setAAD(Buffer.from(personId));
    const wrapped = Buffer.concat([cipher.update(storeKey), cipher.final(), cipher.getAuthTag()]);
    const entry: Entry = {
      personId,
      login,
      salt: salt.toString('base64'),
      nonce: nonce.toString('base64'),
      wrapped: wrapped.toString('base64'),
      N: SCRYPT.N,
      r: SCRYPT.r,
      p: SCRYPT.p,
    };
    await this.#change((people) => [...people.filter((p) => p.personId !== personId), entry]);
  }

  /** Takes a person's way into the store away. */
  async forget(personId: string): Promise<void> {
    await this.#change((people) => people.filter((p) => p.personId !== personId));
  }

  /** The person and the store key for a right password, else null. Takes equally long for an unknown login. */
  async unwrap(login: string, password: string): Promise<{ personId: string; storeKey: Uint8Array } | null> {
    const entry = (await this.#load()).people.find((p) => p.login === login);
    if (!entry) {
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
