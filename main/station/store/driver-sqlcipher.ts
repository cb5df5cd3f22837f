import sqlite3 from '@journeyapps/sqlcipher';
import type { Access, Connection, SqlRow, SqlValue } from './driver.ts';
import { CONNECTION_PRAGMAS, isKeyRefused, StoreKeyRefusedError, StoreStatementError } from './driver.ts';

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'SQLITE_ERROR';
}

/** How many statements a connection keeps ready. */
const KEPT_STATEMENTS = 256;
/** A pragma does its work while it is understood, not when it is run: it is understood anew each time. */
const isPragma = (sql: string) => /^\s*PRAGMA\b/iu.test(sql);

/** Statements of one connection, kept ready: understanding one again for every call costs as much as running it. */
class KeptStatements {
  readonly #database: sqlite3.Database;
  readonly #kept = new Map<string, Promise<sqlite3.Statement>>();

  constructor(database: sqlite3.Database) {
    this.#database = database;
  }

  /** Does something with the statement of this text. @throws StoreStatementError */
  async with<T>(sql: string, work: (statement: sqlite3.Statement) => Promise<T>): Promise<T> {
    if (!isPragma(sql)) return work(await this.#keep(sql));
    const statement = await this.#prepare(sql);
    try {
      return await work(statement);
    } finally {
      await finalized(statement);
    }
  }

  #keep(sql: string): Promise<sqlite3.Statement> {
    const known = this.#kept.get(sql);
    const kept = known ?? this.#prepare(sql);
    // Behind all others: what was not asked for the longest goes first.
    this.#kept.delete(sql);
    this.#kept.set(sql, kept);
    if (known) return kept;
    kept.catch(() => this.#kept.delete(sql));
    if (this.#kept.size > KEPT_STATEMENTS) void this.#drop(this.#kept.keys().next().value!);
    return kept;
  }

  #prepare(sql: string): Promise<sqlite3.Statement> {
    return new Promise((resolve, reject) => {
      const statement: sqlite3.Statement = this.#database.prepare(sql, (error: Error | null) => {
        if (error) reject(new StoreStatementError(codeOf(error), sql));
        else resolve(statement);
      });
    });
  }

  /** What is being done with it ends first: the driver does one thing after the other with a statement. */
  async #drop(sql: string): Promise<void> {
    const kept = this.#kept.get(sql);
    this.#kept.delete(sql);
    const statement = await kept?.catch(() => null);
    if (statement) await finalized(statement);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((sql) => this.#drop(sql)));
  }
}

const finalized = (statement: sqlite3.Statement) => new Promise<void>((resolve) => statement.finalize(() => resolve()));

/** Opens the index by SQLCipher itself (@journeyapps/sqlcipher: Linux and macOS; asynchronous, N-API). */
export async function openSqlcipher(file: string, key: Uint8Array, access: Access = 'write'): Promise<Connection> {
  const mode = access === 'read' ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(file, mode, (error) =>
      error ? reject(new StoreStatementError(codeOf(error), 'open')) : resolve(opened),
    );
  });
  const settle =
    <T>(statement: string, resolve: (value: T) => void, reject: (error: Error) => void) =>
    (error: Error | null, value?: unknown) =>
      error ? reject(new StoreStatementError(codeOf(error), statement)) : resolve(value as T);
  const statements = new KeptStatements(database);

  const all = <T = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) =>
    statements.with(
      sql,
      (statement) =>
        new Promise<T[]>((resolve, reject) =>
          statement.all(parameters as SqlValue[], settle<T[]>(sql, resolve, reject)),
        ),
    );
  const connection: Connection = {
    run: (sql, parameters = []) =>
      statements.with(
        sql,
        (statement) =>
          new Promise((resolve, reject) => {
            statement.run(parameters as SqlValue[], function (this: sqlite3.RunResult, error: Error | null) {
              if (error) reject(new StoreStatementError(codeOf(error), sql));
              else resolve(this.changes);
            });
          }),
      ),
    // To its end, not to its first row: a statement that waits in the middle holds on to its state of the index.
    get: async <T = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) => (await all<T>(sql, parameters))[0],
    all,
    exec: (sql) => new Promise((resolve, reject) => database.exec(sql, settle<void>(sql, resolve, reject))),
    async close() {
      await statements.close();
      await new Promise<void>((resolve, reject) => database.close(settle<void>('close', resolve, reject)));
    },
  };
  try {
    // exec, not run: PRAGMA key must not be prepared and cached; the error class drops the statement's text below.
    await connection.exec(`PRAGMA key = "x'${Buffer.from(key).toString('hex')}'"`).catch(() => {
      throw new StoreKeyRefusedError();
    });
    await connection.get('SELECT count(*) FROM sqlite_master').catch((error: unknown) => {
      const refused = error instanceof StoreStatementError && isKeyRefused(String(error.details['sqliteCode']));
      throw refused ? new StoreKeyRefusedError() : error;
    });
    if (access === 'read') return connection;
    await connection.get('PRAGMA journal_mode = WAL');
    for (const pragma of CONNECTION_PRAGMAS) await connection.exec(pragma);
    return connection;
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}
