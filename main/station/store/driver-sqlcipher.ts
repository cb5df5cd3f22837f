import sqlite3 from '@journeyapps/sqlcipher';
import type { Access, Connection, SqlRow, SqlValue } from './driver.ts';
import { CONNECTION_PRAGMAS, isKeyRefused, StoreKeyRefusedError, StoreStatementError } from './driver.ts';

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'SQLITE_ERROR';
}

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

  const connection: Connection = {
    run: (sql, parameters = []) =>
      new Promise((resolve, reject) => {
        database.run(sql, parameters as SqlValue[], function (this: sqlite3.RunResult, error: Error | null) {
          if (error) reject(new StoreStatementError(codeOf(error), sql));
          else resolve(this.changes);
        });
      }),
    get: <T = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) =>
      new Promise<T | undefined>((resolve, reject) =>
        database.get(sql, parameters as SqlValue[], settle<T | undefined>(sql, resolve, reject)),
      ),
    all: <T = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) =>
      new Promise<T[]>((resolve, reject) =>
        database.all(sql, parameters as SqlValue[], settle<T[]>(sql, resolve, reject)),
      ),
    exec: (sql) => new Promise((resolve, reject) => database.exec(sql, settle<void>(sql, resolve, reject))),
    close: () => new Promise((resolve, reject) => database.close(settle<void>('close', resolve, reject))),
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
