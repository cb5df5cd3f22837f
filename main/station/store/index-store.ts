import path from 'node:path';
import { here, passing } from '#durable';
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

interface Write {
  readonly step: string | undefined;
  readonly work: (transaction: Transaction) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How many waiting writes one commit takes along. */
const COMMIT_TOGETHER = 16;

/**
 * The SQLCipher index: one writer connection with a queue, one reader connection. Bytes of pictures never come here,
 * except thumbnails.
 */
export class IndexStore {
  readonly read: Reader;
  readonly #writer: Connection;
  readonly #reader: Connection;
  #waiting: Write[] = [];
  #writing: Promise<void> | null = null;

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

  /**
   * Runs `work` as a transaction, after all earlier ones; resolves when it is on the disk. A throw undoes all of it.
   * Writes that wait for each other are committed together, because every commit waits for the disk: each in a savepoint
   * of its own, so that one that throws takes none of the others with it.
   */
  write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ step: here(), work, resolve: resolve as (value: unknown) => void, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, COMMIT_TOGETHER));
    // In the same breath as the last look: a write that comes later must find that nobody is writing.
    this.#writing = null;
  }

  async #commit(writes: readonly Write[]): Promise<void> {
    const settle: (() => void)[] = [];
    try {
      await this.#writer.exec('BEGIN IMMEDIATE');
      for (const { step, work, resolve, reject } of writes) {
        await this.#writer.exec('SAVEPOINT one');
        try {
          const value = await work(this.#writer as unknown as Transaction);
          await this.#writer.exec('RELEASE one');
          passing('written, not committed', step);
          settle.push(() => resolve(value));
        } catch (error) {
          // A full or failing disk may have ended the whole transaction: then this throws too, and nothing was written.
          await this.#writer.exec('ROLLBACK TO one; RELEASE one').catch(() => {
            throw error;
          });
          settle.push(() => reject(error as Error));
        }
      }
      await this.#writer.exec('COMMIT');
    } catch (error) {
      await this.#writer.exec('ROLLBACK').catch(() => undefined);
      for (const { reject } of writes) reject(error as Error);
      return;
    }
    for (const { step } of writes) passing('committed, not told', step);
    for (const tell of settle) tell();
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
    await this.#writing;
    await this.#reader.close();
    await this.#writer.close();
  }
}
