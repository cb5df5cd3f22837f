import { randomBytes } from 'node:crypto';
import { copyFile, open, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FaultRandom } from '../../support/fault-random.ts';
import type { Ending } from '../../support/station-bench.ts';

/** One damage to a data folder, and what the station promised to say about it. */
export interface Damage {
  readonly name: string;
  readonly ending: Ending;
  readonly spoil: (folder: string, random: FaultRandom, other: string) => Promise<void>;
  /**
   * `start`: no station starts. `sign-in`: it starts and opens nothing. `sealed`: it works, and Review and doctor name the files.
   */
  readonly told: 'start' | 'sign-in' | 'sealed';
  readonly code: string;
}

const index = (folder: string) => path.join(folder, 'index.db');
const wal = (folder: string) => `${index(folder)}-wal`;
const keys = (folder: string) => path.join(folder, 'keys.json');

/** Another bit at a place within the given part of a file. */
async function flip(file: string, random: FaultRandom, from = 0, to?: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const end = to ?? (await handle.stat()).size;
    const at = from + random.below(end - from);
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, at);
    await handle.write(Buffer.from([byte[0]! ^ (1 << random.below(8))]), 0, 1, at);
  } finally {
    await handle.close();
  }
}

/** Sealed files of the folder, in an order that does not depend on the disk. */
export async function sealedFiles(folder: string): Promise<string[]> {
  const entries = await readdir(path.join(folder, 'sealed'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

const oneSealed = async (folder: string, random: FaultRandom) => {
  const files = await sealedFiles(folder);
  return files[random.below(files.length)]!;
};

async function changeKeys(folder: string, change: (entry: Record<string, unknown>) => void): Promise<void> {
  const content = JSON.parse(await readFile(keys(folder), 'utf8')) as { people: Record<string, unknown>[] };
  // Beside a sound one: else the whole file is.
  content.people.push(structuredClone(content.people[0]!));
  content.people[1]!['login'] = 'somebody';
  delete content.people[1]!['check'];
  change(content.people[0]!);
  await writeFile(keys(folder), JSON.stringify(content));
}

const PAGE = 4096;

export const DAMAGES: readonly Damage[] = [
  damage('index: a bit of the first page', 'ended', 'sign-in', 'store-damaged', (f, r) => flip(index(f), r, 0, PAGE)),
  damage('index: a bit of any other page', 'ended', 'sign-in', 'store-damaged', (f, r) => flip(index(f), r, PAGE)),
  damage('index: cut', 'ended', 'sign-in', 'store-damaged', async (f, r) =>
    truncate(index(f), PAGE + r.below((await stat(index(f))).size - PAGE)),
  ),
  damage('index: empty', 'ended', 'sign-in', 'store-missing', (f) => truncate(index(f), 0)),
  damage('index: gone', 'ended', 'sign-in', 'store-missing', (f) => rm(index(f))),
  damage('index: gone, with work in its -wal', 'killed', 'sign-in', 'store-missing', (f) => rm(index(f))),
  damage('index: of another station', 'ended', 'sign-in', 'store-key-refused', (f) =>
    writeFile(index(f), randomBytes(40 * PAGE)),
  ),
  damage('wal: gone', 'killed', 'sign-in', 'store-older', (f) => rm(wal(f))),
  damage('wal: empty', 'killed', 'sign-in', 'store-older', (f) => truncate(wal(f), 0)),
  damage('wal: cut', 'killed', 'sign-in', 'store-older', async (f, r) =>
    truncate(wal(f), r.below((await usedOf(wal(f))) - PAGE)),
  ),
  damage('wal: a bit of it', 'killed', 'sign-in', 'store-older', async (f, r) =>
    flip(wal(f), r, 8, (await usedOf(wal(f))) - PAGE),
  ),
  damage('wal and index of different times', 'ended', 'sign-in', 'store-older', async (f, _r, other) => {
    await copyFile(index(other), index(f));
  }),
  damage('keys: gone', 'ended', 'sign-in', 'keyring-missing', (f) => rm(keys(f))),
  damage('keys: gone together with the index', 'ended', 'sign-in', 'keyring-missing', async (f) => {
    await rm(keys(f));
    await rm(index(f));
  }),
  damage('keys: cut', 'ended', 'sign-in', 'keyring-damaged', async (f, r) =>
    truncate(keys(f), r.below((await stat(keys(f))).size - 4)),
  ),
  damage('keys: one entry damaged', 'ended', 'sign-in', 'keyring-entry-damaged', (f, r) =>
    changeKeys(f, (entry) => {
      const field = ['salt', 'nonce', 'wrapped'][r.below(3)]!;
      entry[field] = String(entry[field]).slice(0, r.below(8));
    }),
  ),
  damage('sealed: gone', 'ended', 'sealed', 'sealed-missing', async (f, r) => rm(await oneSealed(f, r))),
  damage('sealed: all gone', 'killed', 'sealed', 'sealed-missing', (f) =>
    rm(path.join(f, 'sealed'), { recursive: true }),
  ),
  damage('sealed: a bit of it', 'ended', 'sealed', 'seal-broken', async (f, r) => flip(await oneSealed(f, r), r)),
  damage('sealed: cut', 'ended', 'sealed', 'seal-broken', async (f, r) => {
    const file = await oneSealed(f, r);
    await truncate(file, r.below((await stat(file)).size));
  }),
  damage('sealed: another one in its place', 'ended', 'sealed', 'seal-broken', async (f, r) => {
    const files = await sealedFiles(f);
    const at = r.below(files.length);
    await copyFile(files[(at + 1) % files.length]!, files[at]!);
  }),
  damage('sealed: a link in its place', 'ended', 'sealed', 'sealed-unreadable', async (f, r) => {
    const file = await oneSealed(f, r);
    await rm(file);
    await symlink('/dev/null', file);
  }),
  damage('run: a file in its place', 'ended', 'start', 'data-folder-unusable', (f) =>
    writeFile(path.join(f, 'run'), 'x'),
  ),
];

/** Where the frames of the last checkpoint's life end: SQLite writes a -wal anew from its beginning, old frames stay behind. */
async function usedOf(file: string): Promise<number> {
  const bytes = await readFile(file);
  const salts = bytes.subarray(16, 24);
  let end = 32;
  while (end + 24 <= bytes.length && bytes.subarray(end + 8, end + 16).equals(salts)) end += 24 + PAGE;
  return end;
}

function damage(name: string, ending: Ending, told: Damage['told'], code: string, spoil: Damage['spoil']): Damage {
  return { name, ending, told, code, spoil };
}
