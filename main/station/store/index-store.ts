import path from 'node:path';
import { errorCode } from '../../../shared/domain/errors.ts';
import type { Connection, SqlRow, SqlValue } from './driver.ts';
import { openConnection } from './driver.ts';
import { migrate } from './migrations/index.ts';

declare const readable: unique symbol;
declare const writable: unique symbol;

/** Reading from the index. */
export interface Reader {
  readonly [readable]: true;
  get<T = SqlRow>(sql: string, parameters?: readonly SqlValue[]): Promise<T | undefined>;
  all<T = SqlRow>(sql: string, parameters?: readonly SqlValue[]): Promise<T[]>;
}

/** A write transaction: everything done with it is committed together or not at all. */
export interface Transaction extends Reader {
  readonly [writable]: true;
  run(sql: string, parameters?: readonly SqlValue[]): Promise<number>;
}

/**
 * The SQLCipher index: one writer connection with a queue, one reader connection. Bytes of pictures never come here,
 * except thumbnails.
 */
export class IndexStore {
  readonly read: Reader;
  readonly #writer: Connection;
  readonly #reader: Connection;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(writer: Connection, reader: Connection) {
    this.#writer = writer;
    this.#reader = reader;
    this.read = reader as unknown as Reader;
  }

  /** Opens (or makes) `index.db` in the data folder and migrates it. @throws StoreKeyRefusedError, StoreTooNewError */
  static async open(dataFolder: string, key: Uint8Array): Promise<IndexStore> {
    const file = path.join(dataFolder, 'index.db');
    const writer = await openConnection(file, key);
    try {
      await migrate(writer);
      return new IndexStore(writer, await openConnection(file, key));
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  /** Runs `work` in one transaction, after all earlier ones. A throw rolls everything back. */
  async write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      await this.#writer.exec('BEGIN IMMEDIATE');
      try {
        const value = await work(this.#writer as unknown as Transaction);
        await this.#writer.exec('COMMIT');
        return value;
      } catch (error) {
        await this.#writer.exec('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** SQLCipher's own check of every page's MAC, and SQLite's of the structure. Empty means sound. */
  async integrityProblems(): Promise<string[]> {
    // A page that cannot be opened makes the check itself fail: that is a finding, not a failure to look.
    const look = (pragma: string) =>
      this.#reader
        .all<Record<string, string>>(`PRAGMA ${pragma}`)
        .then((rows) => rows.flatMap((row) => Object.values(row)))
        .catch((error: unknown) => [errorCode(error)]);
    const found = [...(await look('cipher_integrity_check')), ...(await look('quick_check'))];
    return found.filter((text) => text !== 'ok');
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#reader.close();
    await this.#writer.close();
  }
}
