import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openConnection } from '../../../../main/station/store/driver.ts';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { migrate, MIGRATIONS } from '../../../../main/station/store/migrations/index.ts';
import { tempFolder } from '../../../support/temp.ts';

async function newStore() {
  const folder = await tempFolder('store');
  const key = new Uint8Array(randomBytes(32));
  const store = await IndexStore.open(folder, key);
  let open = true;
  const close = async () => {
    if (open) await store.close();
    open = false;
  };
  onTestFinished(close);
  return { folder, key, store, close };
}

const put = (name: string) => ['INSERT INTO setting (name, value) VALUES (?, ?)', [name, Buffer.from('x')]] as const;
const namesIn = async (store: IndexStore) =>
  (await store.read.all<{ name: string }>('SELECT name FROM setting ORDER BY name')).map((row) => row.name);

test('a transaction that throws leaves nothing, and the next one works', async () => {
  const { store } = await newStore();
  await expect(
    store.write(async (tx) => {
      await tx.run(...put('first'));
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await namesIn(store)).toEqual([]);
  await store.write((tx) => tx.run(...put('second')));
  expect(await namesIn(store)).toEqual(['second']);
});

test('writes run one after the other, each seeing all of those before', async () => {
  const { store } = await newStore();
  const inside: number[] = [];
  let running = 0;
  await Promise.all(
    Array.from({ length: 20 }, (_, number) =>
      store.write(async (tx) => {
        running += 1;
        inside.push(running);
        const row = await tx.get<{ count: number }>('SELECT count(*) AS count FROM setting');
        await tx.run(...put(String(number)));
        expect(row!.count).toBe(number);
        running -= 1;
      }),
    ),
  );
  expect(Math.max(...inside)).toBe(1);
});

test('writes that are committed together stand and fall each on its own', async () => {
  const { store } = await newStore();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, (_, number) =>
      store.write(async (tx) => {
        await tx.run(...put(String(number).padStart(2, '0')));
        if (number % 3 === 1) throw new Error('no');
        return number;
      }),
    ),
  );
  const kept = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(kept).toEqual(Array.from({ length: 30 }, (_, number) => number).filter((number) => number % 3 !== 1));
  expect(await namesIn(store)).toEqual(kept.map((number) => String(number).padStart(2, '0')));
});

test('readers see nothing of a transaction that is not committed', async () => {
  const { store } = await newStore();
  await store.write(async (tx) => {
    await tx.run(...put('pending'));
    expect(await namesIn(store)).toEqual([]);
  });
  expect(await namesIn(store)).toEqual(['pending']);
});

test('what was committed is there after closing and opening', async () => {
  const { folder, key, store, close } = await newStore();
  await store.write((tx) => tx.run(...put('kept')));
  await close();
  const again = await IndexStore.open(folder, key);
  expect(await namesIn(again)).toEqual(['kept']);
  await again.close();
});

test('a store written by a newer Photodock is refused and not touched', async () => {
  const { folder, key, close } = await newStore();
  await close();
  const connection = await openConnection(path.join(folder, 'index.db'), key);
  await connection.exec('PRAGMA user_version = 99990');
  await connection.close();
  const before = await fs.readFile(path.join(folder, 'index.db'));
  await expect(IndexStore.open(folder, key)).rejects.toMatchObject({
    code: 'store-too-new',
    details: { found: 99990, known: MIGRATIONS.at(-1)!.version },
  });
  expect(await fs.readFile(path.join(folder, 'index.db'))).toEqual(before);
});

test('a damaged page is found by the integrity check', async () => {
  const { folder, key, store } = await newStore();
  await store.write(async (tx) => {
    for (let line = 0; line < 300; line += 1) {
      await tx.run('INSERT INTO setting (name, value) VALUES (?, ?)', [`n${line}`, randomBytes(500)]);
    }
  });
  expect(await store.integrityProblems()).toEqual([]);
  await store.write((tx) => tx.run("DELETE FROM setting WHERE name = 'n0'"));
  // Everything into index.db itself, and one of its pages spoilt behind the store's back.
  const other = await openConnection(path.join(folder, 'index.db'), key);
  await other.get('PRAGMA wal_checkpoint(TRUNCATE)');
  await other.close();
  const file = path.join(folder, 'index.db');
  const bytes = await fs.readFile(file);
  bytes[bytes.length - 2000]! ^= 1;
  await fs.writeFile(file, bytes);
  expect((await store.integrityProblems()).length).toBeGreaterThan(0);
});

test('migrations rise strictly, and running them twice changes nothing', async () => {
  const versions = MIGRATIONS.map((migration) => migration.version);
  expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
  const file = path.join(await tempFolder('migrate'), 'index.db');
  const connection = await openConnection(file, new Uint8Array(32).fill(7));
  await migrate(connection);
  const schema = () => connection.all('SELECT type, name, sql FROM sqlite_master ORDER BY name');
  const first = await schema();
  await migrate(connection);
  expect(await schema()).toEqual(first);
  expect(await connection.get('PRAGMA user_version')).toEqual({ user_version: versions.at(-1) });
  await connection.close();
});

test('migration 10: every table is strict and every foreign key finds its table', async () => {
  const file = path.join(await tempFolder('migrate'), 'index.db');
  const connection = await openConnection(file, new Uint8Array(32).fill(7));
  await migrate(connection, 10);
  const tables = await connection.all<{ name: string; strict: number }>(
    "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'",
  );
  expect(tables.filter((table) => table.strict !== 1)).toEqual([]);
  const names = new Set(tables.map((table) => table.name));
  for (const { name } of tables) {
    const keys = await connection.all<{ table: string }>(`SELECT "table" FROM pragma_foreign_key_list('${name}')`);
    for (const key of keys) expect(names, name).toContain(key.table);
  }
  await connection.close();
});

test('a migration that fails leaves the version before it', async () => {
  const file = path.join(await tempFolder('migrate'), 'index.db');
  const connection = await openConnection(file, new Uint8Array(32).fill(7));
  // Something stands where the migration wants to make its last table.
  await connection.exec('CREATE TABLE audit (x TEXT)');
  await expect(migrate(connection)).rejects.toMatchObject({ code: 'store-statement' });
  expect(await connection.get('PRAGMA user_version')).toEqual({ user_version: 0 });
  expect(await connection.all("SELECT name FROM sqlite_master WHERE name = 'item'")).toEqual([]);
  await connection.close();
});
