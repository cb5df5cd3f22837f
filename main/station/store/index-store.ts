import path from 'node:path';
import { here, passing } from '#durable';
import { errorCode } from '../../../shared/domain/errors.ts';
import type { Connection, SqlRow, SqlValue } from './driver.ts';
import { openConnection } from './driver.ts';
import { StoreDamagedError } from './errors.ts';
import { HeadWriter } from './index-head.ts';
import { saltOf } from './index-pages.ts';
import { commitsIn, isNotReadable, lookBeforeOpen } from './look-before-open.ts';
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
  #settling: ((done: boolean) => void)[] = [];
  #writing: Promise<void> | null = null;
  readonly #head: HeadWriter;
  #commits: number;
  #damaged = false;

  private constructor(writer: Connection, reader: Connection, head: HeadWriter, commits: number) {
    this.#writer = writer;
    this.#reader = reader;
    this.#head = head;
    this.#commits = commits;
    const watched = {
      get: (sql: string, parameters?: readonly SqlValue[]) => this.#watch(reader.get(sql, parameters)),
      all: (sql: string, parameters?: readonly SqlValue[]) => this.#watch(reader.all(sql, parameters)),
    };
    this.read = watched as unknown as Reader;
  }

  /**
   * Opens (or makes) `index.db` in the data folder and migrates it. What does not look right is refused before a byte is changed.
   * @throws StoreMissingError, StoreKeyRefusedError, StoreDamagedError, StoreTooNewError, StoreOlderError, StoreStatementError
   */
  static async open(dataFolder: string, key: Uint8Array): Promise<IndexStore> {
    const file = path.join(dataFolder, 'index.db');
    await lookBeforeOpen(dataFolder, key).catch((error: unknown) => {
      if (!isNotReadable(error)) throw error;
    });
    const writer = await openConnection(file, key);
    let reader: Connection | null = null;
    try {
      await migrate(writer);
      reader = await openConnection(file, key);
      const commits = await commitsIn(writer);
      const head = HeadWriter.open(dataFolder, { commits, salt: (await saltOf(file))! });
      return new IndexStore(writer, reader, head, commits);
    } catch (error) {
      await reader?.close();
      await writer.close();
      throw error;
    }
  }

  /** Whoever finds damage ends the writing: into a damaged index every write may do more. */
  #watch<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      if (errorCode(error) === 'store-damaged') this.#damaged = true;
      throw error;
    });
  }

  /**
   * Runs `work` as a transaction, after all earlier ones; resolves when it is on the disk. A throw undoes all of it.
   * Writes that wait for each other are committed together, because every commit waits for the disk: each in a savepoint
   * of its own, so that one that throws takes none of the others with it.
   */
  write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.#damaged) return Promise.reject(new StoreDamagedError('use'));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ step: here(), work, resolve: resolve as (value: unknown) => void, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0 || this.#settling.length > 0) {
      const settling = this.#settling.splice(0);
      if (settling.length > 0) {
        const done = await this.#emptyLog();
        for (const tell of settling) tell(done);
      }
      if (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, COMMIT_TOGETHER));
    }
    // In the same breath as the last look: a write that comes later must find that nobody is writing.
    this.#writing = null;
  }

  /**
   * Brings everything written into the index itself and empties its -wal file, after all earlier writes: then what was deleted
   * is in neither of them. False when somebody still reads an older state; then later.
   */
  settle(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#settling.push(resolve);
      this.#writing ??= this.#writeAll();
    });
  }

  async #emptyLog(): Promise<boolean> {
    try {
      // Not for long: everybody's writes wait meanwhile.
      await this.#writer.get('PRAGMA busy_timeout = 200');
      const row = await this.#writer.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)');
      return row?.busy === 0;
    } catch {
      return false;
    } finally {
      await this.#writer.get('PRAGMA busy_timeout = 10000').catch(() => undefined);
    }
  }

  async #commit(writes: readonly Write[]): Promise<void> {
    const settle: (() => void)[] = [];
    try {
      await this.#writer.exec('BEGIN IMMEDIATE');
      for (const { step, work, resolve, reject } of writes) {
        await this.#writer.exec('SAVEPOINT one');
        try {
          const value = await this.#watch(work(this.#writer as unknown as Transaction));
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
      const commits = this.#commits + 1;
      await this.#writer.exec(`PRAGMA application_id = ${commits}`);
      await this.#writer.exec('COMMIT');
      this.#commits = commits;
      this.#head.write(commits);
    } catch (error) {
      if (errorCode(error) === 'store-damaged') this.#damaged = true;
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
    const found = async () =>
      [...(await look('cipher_integrity_check')), ...(await look('quick_check'))].filter((text) => text !== 'ok');
    // A page that is being written at this very moment looks damaged: only what is found twice is.
    const first = await found();
    if (first.length === 0) return [];
    const second = new Set(await found());
    return first.filter((text) => second.has(text));
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#reader.close();
    await this.#writer.close();
    this.#head.close();
  }
}
