import { PhotodockError } from '../../../shared/domain/errors.ts';

/** What a bound parameter or a column may be. */
export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = Record<string, SqlValue>;

/**
 * One connection to the SQLCipher index. Both drivers (SQLCipher itself on Linux and macOS, SQLite3MultipleCiphers on
 * Windows) answer this interface over the same file format and pass the same contract test.
 */
export interface Connection {
  /** Runs one statement; answers the number of changed rows. */
  run(sql: string, parameters?: readonly SqlValue[]): Promise<number>;
  get<T = SqlRow>(sql: string, parameters?: readonly SqlValue[]): Promise<T | undefined>;
  all<T = SqlRow>(sql: string, parameters?: readonly SqlValue[]): Promise<T[]>;
  /** Runs a script of several statements without parameters. */
  exec(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** The key does not open this file, or the file is damaged: SQLCipher cannot tell the two apart. */
export class StoreKeyRefusedError extends PhotodockError {
  constructor() {
    super('store-key-refused', 'the index cannot be opened with this key, or its first page is damaged');
  }
}

const OWN_CODES: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'station-disk-full',
  SQLITE_IOERR: 'station-disk',
  SQLITE_READONLY: 'station-disk',
  SQLITE_CANTOPEN: 'station-disk',
  SQLITE_CORRUPT: 'store-damaged',
  SQLITE_NOTADB: 'store-damaged',
};

/** A statement failed. Carries SQLite's code; never parameters, never the key. A full or failing disk and damage have their own codes. */
export class StoreStatementError extends PhotodockError {
  constructor(sqliteCode: string, statement: string) {
    super(
      OWN_CODES[sqliteCode] ?? 'store-statement',
      `${sqliteCode} in: ${statement.replace(/\s+/g, ' ').slice(0, 160)}`,
      { sqliteCode },
    );
  }
}

/** Settings that both drivers make right after the key: durability first (DESIGN.md, Store). */
export const CONNECTION_PRAGMAS = [
  'PRAGMA foreign_keys = ON',
  'PRAGMA secure_delete = ON',
  'PRAGMA temp_store = MEMORY',
  'PRAGMA synchronous = FULL',
  'PRAGMA busy_timeout = 10000',
] as const;

/** What SQLite says when the first page does not open: then, and only then, the key is at fault, or that page. */
export function isKeyRefused(sqliteCode: string): boolean {
  return sqliteCode === 'SQLITE_NOTADB' || sqliteCode === 'SQLITE_CORRUPT' || sqliteCode === 'SQLITE_ERROR';
}

/** `write` makes the index where there is none; `read` changes nothing of it, and leaves its -wal file as it is. */
export type Access = 'write' | 'read';

/**
 * Opens a connection with a raw 256-bit key, by the driver that exists on this platform.
 * @param file path of the index
 * @param key 32 bytes
 * @throws StoreKeyRefusedError, StoreStatementError
 */
export async function openConnection(file: string, key: Uint8Array, access: Access = 'write'): Promise<Connection> {
  if (key.byteLength !== 32) throw new StoreKeyRefusedError();
  if (process.platform === 'win32') {
    const { openMultipleCiphers } = await import('./driver-multiple-ciphers.ts');
    return openMultipleCiphers(file, key, access);
  }
  const { openSqlcipher } = await import('./driver-sqlcipher.ts');
  return openSqlcipher(file, key, access);
}

/**
 * Opens a copy of a damaged index, to read what can be read: by the driver that goes on after a page that does not open. SQLCipher's
 * answers nothing any more after the first.
 * @throws StoreKeyRefusedError, StoreStatementError
 */
export async function openAroundDamage(copy: string, key: Uint8Array): Promise<Connection> {
  const { openMultipleCiphers } = await import('./driver-multiple-ciphers.ts');
  return openMultipleCiphers(copy, key);
}
