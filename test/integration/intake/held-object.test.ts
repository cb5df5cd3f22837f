import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SeenObject } from '../../../main/station/intake/index.ts';
import { VolumeSource } from '../../../main/station/intake/volume/volume-source.ts';
import { SealedStore } from '../../../main/station/store/index.ts';
import { mountFuseCard } from '../../support/fuse-card.ts';
import { tempFolder } from '../../support/temp.ts';

// From the look at an object to its deletion nothing else can take its place: not by renaming, not by changing the card.

const content = Buffer.from('proven bytes');
const other = Buffer.from('other bytes!');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const item = { path: 'DCIM/A.JPG', pathBytes: null, size: 0, modifiedAt: 0 };

let folder: string;
let sealed: SealedStore;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'photodock-held-'));
  sealed = new SealedStore(folder, 1);
});
afterAll(async () => {
  await sealed.close();
  await fs.rm(folder, { recursive: true });
});

async function folderCard() {
  const root = await tempFolder('held');
  await fs.mkdir(path.join(root, 'DCIM'));
  await fs.writeFile(path.join(root, 'DCIM', 'A.JPG'), content);
  return { root, source: await open(root) };
}

async function open(root: string): Promise<VolumeSource> {
  const source = await VolumeSource.open(root);
  onTestFinished(() => source.close());
  return source;
}

/** Takes the object in hand and hashes it: it is the proven one. */
async function look(source: VolumeSource) {
  const hand = (await source.take(item))!;
  onTestFinished(() => hand.letGo());
  const { sha256: hash, ...seen } = await sealed.hashFile(hand.content, content.length);
  expect(hash).toBe(sha256(content));
  return { hand, seen: seen satisfies SeenObject };
}

const replaced = { code: 'object-changed' };

test('an object that is still the one that was looked at is erased, and others are not touched', async () => {
  const { root, source } = await folderCard();
  await fs.writeFile(path.join(root, 'DCIM', 'B.JPG'), other);
  const { hand, seen } = await look(source);
  expect(await hand.erase(seen)).toBe(0);
  expect(await fs.readdir(path.join(root, 'DCIM'))).toEqual(['B.JPG']);
  expect(await hand.erase(seen)).toBe(0);
});

test('other names of the same content are counted', async () => {
  const { root, source } = await folderCard();
  await fs.link(path.join(root, 'DCIM', 'A.JPG'), path.join(root, 'B.JPG'));
  const { hand, seen } = await look(source);
  expect(await hand.erase(seen)).toBe(1);
});

describe('after the look', () => {
  test('another file under the name stays', async () => {
    const { root, source } = await folderCard();
    const { hand, seen } = await look(source);
    const file = path.join(root, 'DCIM', 'A.JPG');
    const { atime, mtime } = await fs.stat(file);
    await fs.rename(file, path.join(root, 'moved'));
    await fs.writeFile(file, other);
    await fs.utimes(file, atime, mtime);
    await expect(hand.erase(seen)).rejects.toMatchObject(replaced);
    expect(await fs.readFile(file)).toEqual(other);
  });

  test('a file that was written to stays', async () => {
    const { root, source } = await folderCard();
    const { hand, seen } = await look(source);
    await fs.appendFile(path.join(root, 'DCIM', 'A.JPG'), 'more');
    await expect(hand.erase(seen)).rejects.toMatchObject(replaced);
  });

  test('a symlink under the name stays, and so does what it points to', async () => {
    const { root, source } = await folderCard();
    const { hand, seen } = await look(source);
    const file = path.join(root, 'DCIM', 'A.JPG');
    await fs.rename(file, path.join(root, 'moved'));
    await fs.symlink('../moved', file);
    await expect(hand.erase(seen)).rejects.toMatchObject(replaced);
    expect((await fs.readdir(root)).toSorted()).toEqual(['DCIM', 'moved']);
  });

  test('a folder that was changed for another one keeps its file of the same name', async () => {
    const { root, source } = await folderCard();
    const { hand, seen } = await look(source);
    await fs.rename(path.join(root, 'DCIM'), path.join(root, 'OLD'));
    await fs.mkdir(path.join(root, 'DCIM'));
    await fs.writeFile(path.join(root, 'DCIM', 'A.JPG'), other);
    await hand.erase(seen);
    expect(await fs.readFile(path.join(root, 'DCIM', 'A.JPG'))).toEqual(other);
    // What was erased is what was looked at, wherever its folder went.
    expect(await fs.readdir(path.join(root, 'OLD'))).toEqual([]);
  });

  test('a card that was changed for its twin loses nothing', async () => {
    const card = await mountFuseCard({ 'DCIM/A.JPG': content });
    onTestFinished(() => card.remove());
    const twin = await tempFolder('twin');
    await fs.mkdir(path.join(twin, 'DCIM'));
    await fs.writeFile(path.join(twin, 'DCIM', 'A.JPG'), other);
    const source = await open(card.root);
    const { hand, seen } = await look(source);
    await card.pull();
    await card.insert({ backing: twin });
    await expect(hand.erase(seen)).rejects.toThrow();
    expect(await fs.readFile(path.join(twin, 'DCIM', 'A.JPG'))).toEqual(other);
    expect(await fs.readFile(path.join(card.backing, 'DCIM', 'A.JPG'))).toEqual(content);
    await expect(source.take(item)).rejects.toMatchObject({ code: 'medium-gone' });
  });
});

describe('before the look', () => {
  test('a folder that is a symlink is not gone into', async () => {
    const { root, source } = await folderCard();
    await fs.rename(path.join(root, 'DCIM'), path.join(root, 'OLD'));
    await fs.symlink('OLD', path.join(root, 'DCIM'));
    expect(await source.take(item)).toBeNull();
  });

  test('a folder that is not there is no object', async () => {
    const { root, source } = await folderCard();
    await fs.rm(path.join(root, 'DCIM'), { recursive: true });
    expect(await source.take(item)).toBeNull();
  });
});

describe('a medium', () => {
  test('that was pulled and put back in is another connection, however soon', async () => {
    const card = await mountFuseCard({ 'A.JPG': content });
    onTestFinished(() => card.remove());
    const source = await open(card.root);
    expect(await source.isConnected()).toBe(true);
    await card.pull();
    await card.insert();
    expect(await source.isConnected()).toBe(false);
    expect(await (await open(card.root)).isConnected()).toBe(true);
  });

  test('whose files come and go, and which does not tell its size, is the same connection', async () => {
    const card = await mountFuseCard({ 'A.JPG': content });
    onTestFinished(() => card.remove());
    const source = await open(card.root);
    await card.setFaults({ 'statfs-fails': 9999 });
    await fs.rm(path.join(card.root, 'A.JPG'));
    expect(await source.isConnected()).toBe(true);
  });
});
