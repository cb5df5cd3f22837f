import Database from 'better-sqlite3-multiple-ciphers';
import type { Access, Connection, SqlRow, SqlValue } from './driver.ts';
import { CONNECTION_PRAGMAS, isKeyRefused, StoreKeyRefusedError, StoreStatementError } from './driver.ts';

/** Opens the same file by SQLite3MultipleCiphers in SQLCipher 4 format: the driver for Windows, where SQLCipher's addon has no build. */
export function openMultipleCiphers(file: string, key: Uint8Array, access: Access = 'write'): Connection {
  const codeOf = (error: unknown) =>
    // Extended codes (SQLITE_IOERR_WRITE) begin with the plain one.
    error instanceof Error && 'code' in error ? (/^SQLITE_[A-Z]+/.exec(String(error.code))?.[0] ?? '') : 'SQLITE_ERROR';
  const open = () => {
    try {
      return new Database(file, { readonly: access === 'read' });
    } catch (error) {
      throw new StoreStatementError(codeOf(error), 'open');
    }
  };
  const database = open();
  const statement = <T>(sql: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new StoreStatementError(codeOf(error), sql);
    }
  };
  try {
    database.pragma("cipher = 'sqlcipher'");
    database.pragma('legacy = 4');
    database.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`);
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    if (access === 'write') {
      database.pragma('journal_mode = WAL');
      for (const pragma of CONNECTION_PRAGMAS) database.exec(pragma);
    }
  } catch (error) {
    database.close();
    const code = codeOf(error);
    throw isKeyRefused(code) ? new StoreKeyRefusedError() : new StoreStatementError(code, 'open');
  }
  return {
    run: async (sql, parameters = []) => statement(sql, () => database.prepare(sql).run(...parameters).changes),
    get: async <T = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) =>
      statement(sql, () => database.prepare(sql).get(...parameters) as T | undefined),
    all: async <T = SqlRow>(sql: string, parameters: readonly SqlValue[] = []) =>
      statement(sql, () => {
        const prepared = database.prepare(sql);
        // A pragma that only SQLCipher's own library knows (`cipher_integrity_check`) is no error, and finds nothing.
        return prepared.reader ? (prepared.all(...parameters) as T[]) : [];
      }),
    exec: async (sql) => void statement(sql, () => database.exec(sql)),
    close: async () => void database.close(),
  };
}
