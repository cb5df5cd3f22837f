import Database from 'better-sqlite3-multiple-ciphers';
import type { Connection, SqlRow, SqlValue } from './driver.ts';
import { CONNECTION_PRAGMAS, StoreKeyRefusedError, StoreStatementError } from './driver.ts';

/** Opens the same file by SQLite3MultipleCiphers in SQLCipher 4 format: the driver for Windows, where SQLCipher's addon has no build. */
export function openMultipleCiphers(file: string, key: Uint8Array): Connection {
  const database = new Database(file);
  const statement = <T>(sql: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'SQLITE_ERROR';
      throw new StoreStatementError(code, sql);
    }
  };
  try {
    database.pragma("cipher = 'sqlcipher'");
    database.pragma('legacy = 4');
    database.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`);
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    database.pragma('journal_mode = WAL');
    for (const pragma of CONNECTION_PRAGMAS) database.exec(pragma);
  } catch {
    database.close();
    throw new StoreKeyRefusedError();
  }
  return {
    run: async (sql, parameters = []) => statement(sql, () => database.prepare(sql).run(...parameters).changes),
    get: async <T = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) =>
      statement(sql, () => database.prepare(sql).get(...parameters) as T | undefined),
    all: async <T = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) =>
      statement(sql, () => database.prepare(sql).all(...parameters) as T[]),
    exec: async (sql) => void statement(sql, () => database.exec(sql)),
    close: async () => void database.close(),
  };
}
