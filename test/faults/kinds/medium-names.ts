import assert from 'node:assert/strict';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { run } from '../../support/server-process.ts';
import { allGoes } from './medium-reading.ts';
import type { MediumScenario } from './medium-table.ts';

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

/** Names that hurt, and things that are no files. */
export const nameScenarios: readonly MediumScenario[] = [
  {
    name: 'odd-names',
    does: 'names with newlines, right-to-left marks, quotes, invalid UTF-8, 255 bytes, deep folders',
    ends: 'every name is an item of its own, sealed, delivered and erased by its exact bytes; clear',
    async run(bench) {
      const deep = Array.from({ length: 30 }, (_, level) => `folder${level}`).join('/');
      return allNames(bench, [
        bytes('new\nline.JPG'),
        bytes('\u202Egpj.exe.JPG'),
        bytes('it\'s; $(rm) `x` "y" .JPG'),
        bytes('back', 0xff, '.JPG'),
        bytes('back\\xff.JPG'),
        bytes('n'.repeat(251), '.JPG'),
        bytes(`${deep}/deep.JPG`),
      ]);
    },
  },
  {
    name: 'equal-after-normalisation',
    does: 'two names that are equal once Unicode is normalised, and two that differ in case only',
    ends: 'four items; each is read and erased by its own bytes; clear',
    run: (bench) =>
      allNames(bench, [bytes('\u00e9.JPG'), bytes('e\u0301.JPG'), bytes('DCIM/IMG_1.JPG'), bytes('DCIM/img_1.jpg')]),
  },
  {
    name: 'one-of-two-equal-names-changes',
    does: 'of two names that are equal once normalised, one has other bytes when it is erased',
    ends: 'the other one is erased and this one stays: they are never taken for each other',
    async run(bench) {
      const card = await bench.card(['\u00e9.JPG', 'e\u0301.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.faults({ 'other-bytes': ['e\u0301.JPG'] });
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'absent 1, kept 1' });
      assert.deepEqual(await card.names(), ['e\u0301.JPG']);
      assert.deepEqual(await bench.because(dockingId), { 'e\u0301.JPG': ['object-changed'] });
      return 'kept: object-changed';
    },
  },
  {
    name: 'no-files',
    does: 'symlinks out of the card and in circles, a FIFO, a socket, a device node',
    ends: 'none is opened or followed; each is counted as not followed; the picture goes its way; never clear; outside nothing is touched',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      const outside = await mkdtemp(path.join(bench.folder, 'outside-'));
      await writeFile(path.join(outside, 'SECRET.JPG'), await bench.picture());
      await symlink(path.join(outside, 'SECRET.JPG'), path.join(card.truth, 'LINK.JPG'));
      await symlink(outside, path.join(card.truth, 'FOLDER'));
      await symlink('LOOP.JPG', path.join(card.truth, 'LOOP.JPG'));
      await symlink('.', path.join(card.truth, 'ROUND'));
      const made = await run('mkfifo', [path.join(card.truth, 'FIFO.JPG')]);
      assert.equal(made.code, 0, made.output);
      const socket = net.createServer().listen(path.join(card.truth, 'SOCKET.JPG'));
      const node = await run('mknod', [path.join(card.truth, 'NODE.JPG'), 'c', '1', '3']);
      const notFollowed = node.code === 0 ? 7 : 6;
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { state: 'sealed', equation: 'unfiled 1', notFollowed, notListed: 0 });
      await bench.deliver(dockingId);
      assert.equal(await bench.erase(dockingId), 1);
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'absent 1', notFollowed });
      socket.close();
      assert.deepEqual(await card.names(), []);
      const { output } = await run('ls', [outside]);
      assert.equal(output.trim(), 'SECRET.JPG');
      return 'not clear: not followed';
    },
  },
  {
    name: 'empty-files',
    does: 'a file without a byte, and one that is called a picture and is none',
    ends: 'sealed and proven like all others, undecided, never erased by themselves; the card is not clear',
    async run(bench) {
      const card = await bench.card({ 'A.JPG': await bench.picture(), 'EMPTY.JPG': Buffer.alloc(0) });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, {
        state: 'sealed',
        equation: 'unfiled 2',
        review: ['undecided EMPTY.JPG unsupported', 'unfiled A.JPG null'],
      });
      await bench.deliver(dockingId);
      assert.equal(await bench.erase(dockingId), 1);
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'absent 1, kept 1' });
      assert.deepEqual(await card.names(), ['EMPTY.JPG']);
      return 'not clear: undecided';
    },
  },
  {
    name: 'housekeeping',
    does: 'a camera’s index files, and a picture that is called like one',
    ends: 'index files stay as housekeeping and do not keep the card from clear; the picture is a picture',
    async run(bench) {
      const card = await bench.card({
        'DCIM/A.JPG': await bench.picture(),
        'MISC/AUTPRINT.MRK': Buffer.from('[HDR]\nGEN REV = 01.10\n'),
        'DCIM/INDEX.DAT': await bench.picture(),
      });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { state: 'sealed', equation: 'unfiled 2, housekeeping 1' });
      await bench.deliver(dockingId);
      assert.equal(await bench.erase(dockingId), 2);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 2, kept 1', review: [] });
      assert.deepEqual(await card.names(), ['MISC/AUTPRINT.MRK']);
      return 'clear';
    },
  },
  {
    name: 'empty-card',
    does: 'nothing is on it',
    ends: 'clear at once; nothing to erase',
    async run(bench) {
      const card = await bench.card([]);
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { state: 'clear', equation: '', review: [] });
      assert.equal(await bench.erase(dockingId), 0);
      return 'clear';
    },
  },
];

type Bench = Parameters<MediumScenario['run']>[0];

async function allNames(bench: Bench, names: readonly Buffer[]): Promise<string> {
  const card = await bench.card([]);
  for (const name of names) {
    const file = Buffer.concat([Buffer.from(`${card.truth}/`), name]);
    await mkdir(file.subarray(0, file.lastIndexOf('/')), { recursive: true });
    await writeFile(file, await bench.picture());
  }
  await card.remember();
  assert.equal((await card.names()).length, names.length);
  return allGoes(bench, card);
}
