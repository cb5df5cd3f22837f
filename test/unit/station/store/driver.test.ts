import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../main/station/store/driver.ts';
import { openConnection } from '../../../../main/station/store/driver.ts';
import { openMultipleCiphers } from '../../../../main/station/store/driver-multiple-ciphers.ts';
import { openSqlcipher } from '../../../../main/station/store/driver-sqlcipher.ts';
import { tempFolder } from '../../../support/temp.ts';

type Open = (file: string, key: Uint8Array) => Promise<Connection>;
const drivers: Record<string, Open> = {
  sqlcipher: openSqlcipher,
  'multiple-ciphers': async (file, key) => openMultipleCiphers(file, key),
};
const names = Object.keys(drivers);
const marker = 'MARKER-DOE-JANE-4711';

async function newFile(): Promise<{ file: string; key: Uint8Array }> {
  return { file: path.join(await tempFolder('driver'), 'index.db'), key: new Uint8Array(randomBytes(32)) };
}

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => {
      throw new Error('did not fail');
    },
    (error: unknown) => error as Error,
  );
}

describe.each(names)('the %s driver', (name) => {
  const open = drivers[name]!;

  test('keeps text, whole and real numbers, bytes and null', async () => {
    const { file, key } = await newFile();
    const connection = await open(file, key);
    await connection.exec('CREATE TABLE t (a TEXT, b INTEGER, c REAL, d BLOB, e TEXT) STRICT');
    const bytes = new Uint8Array(randomBytes(300));
    expect(
      await connection.run('INSERT INTO t VALUES (?, ?, ?, ?, ?)', ['é漢\u0000x', 2 ** 52, 0.5, bytes, null]),
    ).toBe(1);
    const row = await connection.get<{ a: string; b: number; c: number; d: Uint8Array; e: null }>('SELECT * FROM t');
    expect(row).toMatchObject({ a: 'é漢\u0000x', b: 2 ** 52, c: 0.5, e: null });
    expect(new Uint8Array(row!.d)).toEqual(bytes);
    expect(await connection.get('SELECT * FROM t WHERE a = ?', ['nothing'])).toBeUndefined();
    expect(await connection.all('SELECT a FROM t WHERE b = 1')).toEqual([]);
    expect(await connection.run('UPDATE t SET c = 1')).toBe(1);
    await connection.close();
  });

  test('finds nothing wrong with a sound index', async () => {
    const { file, key } = await newFile();
    const connection = await open(file, key);
    await connection.exec('CREATE TABLE t (a TEXT) STRICT');
    expect(await connection.all('PRAGMA cipher_integrity_check')).toEqual([]);
    await connection.close();
  });

  test('is set to lose nothing and leave nothing', async () => {
    const { file, key } = await newFile();
    const connection = await open(file, key);
    const pragma = async (what: string) => Object.values((await connection.get(`PRAGMA ${what}`))!)[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('secure_delete')).toBe(1);
    expect(await pragma('temp_store')).toBe(2);
    await connection.close();
  });

  test('a statement does its work each time, also after it failed, and in another shape of the table', async () => {
    const { file, key } = await newFile();
    const connection = await open(file, key);
    await connection.exec('CREATE TABLE t (a TEXT UNIQUE) STRICT');
    const insert = (text: string) => connection.run('INSERT INTO t VALUES (?)', [text]);
    expect(await insert('one')).toBe(1);
    await expect(insert('one')).rejects.toMatchObject({ details: { sqliteCode: 'SQLITE_CONSTRAINT' } });
    expect(await Promise.all([insert('two'), insert('three')])).toEqual([1, 1]);
    await expect(connection.get('SELECT b FROM t')).rejects.toMatchObject({ code: 'store-statement' });
    expect(await connection.get('SELECT * FROM t')).toEqual({ a: 'one' });
    await connection.exec('ALTER TABLE t ADD COLUMN b TEXT');
    expect(await connection.get('SELECT * FROM t')).toEqual({ a: 'one', b: null });
    expect(await connection.get('SELECT b FROM t')).toEqual({ b: null });
    // Many more than are kept ready.
    for (let at = 0; at < 600; at += 1) expect(await connection.get(`SELECT ${at} AS n`)).toEqual({ n: at });
    await connection.close();
  });

  test('a setting is made each time that it is asked for', async () => {
    const { file, key } = await newFile();
    const connection = await open(file, key);
    for (const patience of [200, 9000, 200, 9000]) {
      await connection.get(`PRAGMA busy_timeout = ${patience}`);
      expect(await connection.get('PRAGMA busy_timeout')).toEqual({ timeout: patience });
    }
    await connection.close();
  });

  test('what was read to its first row keeps nobody from emptying the log', async () => {
    const { file, key } = await newFile();
    const connection = await open(file, key);
    await connection.exec("CREATE TABLE t (a TEXT) STRICT; INSERT INTO t VALUES ('one'), ('two'), ('three')");
    const reader = await open(file, key);
    expect(await reader.get('SELECT a FROM t')).toEqual({ a: 'one' });
    await connection.run("INSERT INTO t VALUES ('four')");
    expect(await connection.get('PRAGMA wal_checkpoint(TRUNCATE)')).toMatchObject({ busy: 0 });
    await reader.close();
    await connection.close();
  });

  test('refuses a wrong key, by name and without saying either key', async () => {
    const { file, key } = await newFile();
    const connection = await open(file, key);
    await connection.exec('CREATE TABLE t (a TEXT)');
    await connection.close();
    const wrong = new Uint8Array(randomBytes(32));
    const error = await failure(open(file, wrong));
    expect(error).toMatchObject({ code: 'store-key-refused' });
    const told = inspect(error, { depth: 5, showHidden: true }).toLowerCase();
    for (const secret of [key, wrong]) expect(told).not.toContain(Buffer.from(secret).toString('hex').slice(0, 16));
  });

  test('a failed statement says its code and neither parameters nor key', async () => {
    const { file, key } = await newFile();
    const connection = await open(file, key);
    await connection.exec('CREATE TABLE t (a TEXT PRIMARY KEY)');
    await connection.run('INSERT INTO t VALUES (?)', [marker]);
    const error = await failure(connection.run('INSERT INTO t VALUES (?)', [marker]));
    expect(error).toMatchObject({ code: 'store-statement' });
    expect(error.message).toMatch(/SQLITE_CONSTRAINT/);
    const told = inspect(error, { depth: 5, showHidden: true });
    expect(told).not.toContain(marker);
    expect(told.toLowerCase()).not.toContain(Buffer.from(key).toString('hex').slice(0, 16));
    await connection.close();
  });

  test('leaves nothing readable in any of its files', async () => {
    const { file, key } = await newFile();
    const connection = await open(file, key);
    await connection.exec('CREATE TABLE patient_like (a TEXT)');
    for (let line = 0; line < 200; line += 1) await connection.run('INSERT INTO patient_like VALUES (?)', [marker]);
    const folder = path.dirname(file);
    const look = async () => {
      for (const one of await fs.readdir(folder)) {
        const bytes = await fs.readFile(path.join(folder, one));
        expect(bytes.includes('SQLite format 3'), one).toBe(false);
        expect(bytes.includes(marker), one).toBe(false);
        expect(bytes.includes('patient_like'), one).toBe(false);
      }
    };
    await look();
    await connection.close();
    await look();
    expect((await fs.stat(file)).size).toBeGreaterThan(4096);
  });
});

test.each([
  ['sqlcipher', 'multiple-ciphers'],
  ['multiple-ciphers', 'sqlcipher'],
])('what %s wrote, %s reads and writes on', async (first, second) => {
  const { file, key } = await newFile();
  const writer = await drivers[first]!(file, key);
  await writer.exec('CREATE TABLE t (a TEXT) STRICT; PRAGMA user_version = 7');
  await writer.run('INSERT INTO t VALUES (?)', ['één']);
  await writer.close();
  const reader = await drivers[second]!(file, key);
  expect(await reader.all('SELECT a FROM t')).toEqual([{ a: 'één' }]);
  expect(await reader.get('PRAGMA user_version')).toEqual({ user_version: 7 });
  await reader.run('INSERT INTO t VALUES (?)', ['twee']);
  await reader.close();
  const again = await drivers[first]!(file, key);
  expect(await again.all('SELECT a FROM t ORDER BY rowid')).toEqual([{ a: 'één' }, { a: 'twee' }]);
  await again.close();
});

test('a key that is no key is refused before any file is made', async () => {
  const { file } = await newFile();
  expect(await failure(openConnection(file, new Uint8Array(16)))).toMatchObject({ code: 'store-key-refused' });
  await expect(fs.access(file)).rejects.toThrow();
});
