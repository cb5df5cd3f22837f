import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorCode } from '../../../../shared/domain/errors.ts';
import { openConnection } from '../../../../main/station/store/driver.ts';
import { headFile, IndexStore } from '../../../../main/station/store/index.ts';

// What a station finds of its index after something went wrong with the disk or with a copy: it says which, and changes nothing.

const ROWS = 120;
const key = new Uint8Array(randomBytes(32));
/** As a killed station leaves it: work in index.db, more in -wal. */
let killed: string;
/** As a clean end leaves it. */
let ended: string;
/** As it was some time before `ended`. */
let before: string;

beforeAll(async () => {
  const live = await tempFolder('index-live');
  const store = await IndexStore.open(live, key);
  const put = async (from: number, to: number) => {
    for (let at = from; at < to; at += 1) {
      await store.write((tx) =>
        tx.run('INSERT INTO setting (name, value) VALUES (?, ?)', [`row ${at}`, randomBytes(3000)]),
      );
    }
  };
  await put(0, ROWS / 2);
  before = await copy(live, 'index-before');
  await put(ROWS / 2, ROWS);
  killed = await copy(live, 'index-killed');
  await store.close();
  ended = await copy(live, 'index-ended');
});

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await fs.rm(folder, { recursive: true, force: true });
});

async function tempFolder(name: string): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), `photodock-${name}-`));
  folders.push(folder);
  return folder;
}

async function copy(from: string, name: string): Promise<string> {
  const to = await tempFolder(name);
  for (const file of await fs.readdir(from)) {
    // The -shm file belongs to a running process.
    if (!file.endsWith('-shm')) await fs.copyFile(path.join(from, file), path.join(to, file));
  }
  return to;
}

async function fingerprints(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const file of await fs.readdir(folder)) {
    // SQLite makes an empty -wal where there is none; the -shm file is memory of its own.
    if (file.endsWith('-shm') || (file.endsWith('-wal') && (await fs.stat(path.join(folder, file))).size === 0))
      continue;
    found[file] = createHash('sha256')
      .update(await fs.readFile(path.join(folder, file)))
      .digest('hex');
  }
  return found;
}

async function flip(file: string, at: number): Promise<void> {
  const bytes = await fs.readFile(file);
  bytes[at] = bytes[at]! ^ 0x40;
  await fs.writeFile(file, bytes);
}

const codeOfOpening = (folder: string, withKey = key) =>
  IndexStore.open(folder, withKey).then(async (store) => {
    await store.close();
    return 'opened';
  }, errorCode);

async function rowsIn(folder: string): Promise<number> {
  const store = await IndexStore.open(folder, key);
  try {
    const row = await store.read.get<{ count: number }>(
      "SELECT count(*) AS count FROM setting WHERE name LIKE 'row %'",
    );
    return row!.count;
  } finally {
    await store.close();
  }
}

describe('damage', () => {
  const index = (folder: string) => path.join(folder, 'index.db');
  const damages: readonly [string, 'ended' | 'killed', string, (folder: string) => Promise<unknown>][] = [
    ['a bit of the salt', 'ended', 'store-damaged', (folder) => flip(index(folder), 3)],
    ['a bit of the first page', 'ended', 'store-damaged', (folder) => flip(index(folder), 900)],
    ['a bit of a table page', 'ended', 'store-damaged', (folder) => flip(index(folder), 40 * 4096 + 77)],
    [
      'a bit of the last page',
      'ended',
      'store-damaged',
      async (folder) => flip(index(folder), (await fs.stat(index(folder))).size - 90),
    ],
    ['cut in the middle of a page', 'ended', 'store-damaged', (folder) => fs.truncate(index(folder), 30 * 4096 + 1000)],
    ['cut between two pages', 'ended', 'store-damaged', (folder) => fs.truncate(index(folder), 30 * 4096)],
    ['cut within the first page', 'ended', 'store-key-refused', (folder) => fs.truncate(index(folder), 1000)],
    ['empty', 'ended', 'store-missing', (folder) => fs.truncate(index(folder), 0)],
    ['gone', 'ended', 'store-missing', (folder) => fs.rm(index(folder))],
    ['empty, with its -wal there', 'killed', 'store-missing', (folder) => fs.truncate(index(folder), 0)],
    ['gone, with its -wal there', 'killed', 'store-missing', (folder) => fs.rm(index(folder))],
    ['without its -wal', 'killed', 'store-older', (folder) => fs.rm(`${index(folder)}-wal`)],
    ['with an empty -wal', 'killed', 'store-older', (folder) => fs.truncate(`${index(folder)}-wal`, 0)],
    ['with the head of its -wal flipped', 'killed', 'store-older', (folder) => flip(`${index(folder)}-wal`, 20)],
    [
      'with a frame of its -wal flipped',
      'killed',
      'store-older',
      (folder) => flip(`${index(folder)}-wal`, 32 + 40 * 4120 + 500),
    ],
    ['with its -wal cut', 'killed', 'store-older', (folder) => fs.truncate(`${index(folder)}-wal`, 32 + 50 * 4120)],
    [
      'an older copy',
      'ended',
      'store-older',
      async (folder) => {
        await fs.copyFile(index(before), index(folder));
        await fs.copyFile(`${index(before)}-wal`, `${index(folder)}-wal`);
      },
    ],
  ];

  test.each(damages)('%s: said, nothing changed, healed by the right bytes', async (_what, from, code, damage) => {
    const sound = from === 'ended' ? ended : killed;
    const folder = await copy(sound, 'index-damaged');
    await damage(folder);
    const damaged = await fingerprints(folder);
    expect(await codeOfOpening(folder)).toBe(code);
    expect(await codeOfOpening(folder)).toBe(code);
    expect(await fingerprints(folder)).toEqual(damaged);
    for (const file of await fs.readdir(folder)) await fs.rm(path.join(folder, file));
    for (const file of await fs.readdir(sound)) await fs.copyFile(path.join(sound, file), path.join(folder, file));
    expect(await rowsIn(folder)).toBe(ROWS);
  });

  test('a wrong key is told apart from damage', async () => {
    const folder = await copy(ended, 'index-wrong-key');
    const untouched = await fingerprints(folder);
    expect(await codeOfOpening(folder, new Uint8Array(randomBytes(32)))).toBe('store-key-refused');
    expect(await fingerprints(folder)).toEqual(untouched);
  });

  test('damage that is met in the middle of the work ends the writing', async () => {
    const folder = await copy(ended, 'index-at-work');
    const store = await IndexStore.open(folder, key);
    const file = await fs.open(path.join(folder, 'index.db'), 'r+');
    const { size } = await file.stat();
    // Everything but the first pages, whose content SQLite may have in memory.
    await file.write(randomBytes(size - 8 * 4096), 0, null, 8 * 4096);
    await file.close();
    await expect(store.read.all('SELECT * FROM setting')).rejects.toMatchObject({ code: 'store-damaged' });
    await expect(store.write((tx) => tx.run('DELETE FROM setting'))).rejects.toMatchObject({ code: 'store-damaged' });
    await store.close();
  });
});

describe('what is no damage', () => {
  test('a killed station goes on where it was', async () => {
    expect(await rowsIn(await copy(killed, 'index-again'))).toBe(ROWS);
  });

  test('a head that is gone, cut or behind is made anew: a power cut may leave it so', async () => {
    for (const spoil of [
      (file: string) => fs.rm(file),
      (file: string) => fs.truncate(file, 20),
      (file: string) => fs.copyFile(headFile(before), file),
    ]) {
      const folder = await copy(killed, 'index-head');
      await spoil(headFile(folder));
      expect(await rowsIn(folder)).toBe(ROWS);
      await fs.rm(path.join(folder, 'index.db'));
      expect(await codeOfOpening(folder)).toBe('store-missing');
    }
  });

  test('somebody who decides for the older copy takes the head away', async () => {
    const folder = await copy(killed, 'index-decided');
    await fs.rm(path.join(folder, 'index.db-wal'));
    await fs.rm(headFile(folder));
    expect(await rowsIn(folder)).toBeLessThan(ROWS);
  });

  test('a new folder, and one whose first start was cut off', async () => {
    const folder = await tempFolder('index-new');
    expect(await codeOfOpening(folder)).toBe('opened');
    const cut = await tempFolder('index-cut');
    await fs.writeFile(path.join(cut, 'index.db'), '');
    expect(await codeOfOpening(cut)).toBe('opened');
  });
});

test('sealed files without an index are no new station', async () => {
  const folder = await tempFolder('index-sealed');
  await fs.mkdir(path.join(folder, 'sealed', 'ab', 'cd'), { recursive: true });
  expect(await codeOfOpening(folder)).toBe('opened');
  for (const file of await fs.readdir(folder)) if (file.startsWith('index')) await fs.rm(path.join(folder, file));
  await fs.writeFile(path.join(folder, 'sealed', 'ab', 'cd', 'abcd'.repeat(8)), 'sealed');
  expect(await codeOfOpening(folder)).toBe('store-missing');
  expect(await fs.readdir(folder)).toEqual(['sealed']);
});

test('a store from a newer version is not touched', async () => {
  const folder = await copy(ended, 'index-newer');
  const newer = await openConnection(path.join(folder, 'index.db'), key);
  await newer.exec('PRAGMA user_version = 99990');
  await newer.close();
  const untouched = await fingerprints(folder);
  expect(await codeOfOpening(folder)).toBe('store-too-new');
  expect(await fingerprints(folder)).toEqual(untouched);
});
