import assert from 'node:assert/strict';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageCard } from '../../support/image-card.ts';
import { mountExfat, mountFat32 } from '../../support/image-card.ts';
import { dockAndRead, untilRead } from '../../support/walk-card.ts';
import { allGoes } from './medium-reading.ts';
import type { MediumScenario } from './medium-table.ts';

/** Whole cards: their filesystems, pulled out, changed for others. */
export const cardScenarios: readonly MediumScenario[] = [
  {
    name: 'fat32',
    does: 'a FAT32 card with pictures',
    ends: 'delivered and erased; clear',
    run: (bench) => onImage(bench, mountFat32),
  },
  {
    name: 'exfat',
    does: 'an exFAT card with pictures (exfat-fuse on a loop device)',
    ends: 'delivered and erased; clear',
    run: (bench) => onImage(bench, mountExfat),
  },
  {
    name: 'read-only',
    does: 'the card is mounted read-only (lock switch)',
    ends: 'everything is read and delivered; erasing is refused with medium-read-only before anything is tried; not clear',
    async run(bench) {
      const card = await bench.ownCard(['A.JPG']);
      await card.fuse.pull();
      await card.fuse.insert({ backing: card.truth, readOnly: true });
      const dockingId = await bench.read(card);
      assert.equal((await bench.station.call('dockings.get', { dockingId })).medium.readOnly, true);
      await bench.deliver(dockingId);
      assert.equal(await bench.station.codeOf('release.start', { dockingId }), 'medium-read-only');
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'present 1', review: [] });
      assert.deepEqual(await card.names(), ['A.JPG']);
      return 'refused: medium-read-only';
    },
  },
  {
    name: 'size-unknown',
    does: 'the card does not tell its size at first (statfs fails)',
    ends: 'asked again; docked, not "unplugged"; clear',
    async run(bench) {
      const card = await bench.ownCard(['A.JPG']);
      await card.faults({ 'statfs-fails': 2 });
      const dockingId = await bench.read(card);
      await card.faults({ 'statfs-fails': 9999 });
      await bench.deliver(dockingId);
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 1', review: [] });
      return 'clear';
    },
  },
  {
    name: 'pulled-while-listing',
    does: 'the card is pulled while it is listed, then put back in',
    ends: 'unplugged-early with nothing listed; put back in, it is a new docking that goes its whole way; clear',
    run: (bench) => pulled(bench, 'list', 2, { equation: '', review: [] }),
  },
  {
    name: 'pulled-while-sealing',
    does: 'the card is pulled at the first read, then put back in',
    ends: 'unplugged-early, what was not read is unreadable (unplugged); put back in, it goes its whole way; clear',
    run: (bench) =>
      pulled(bench, 'read', 1, {
        equation: 'unreadable 2',
        review: ['unreadable A.JPG unplugged', 'unreadable B.JPG unplugged'],
      }),
  },
  {
    name: 'pulled-while-proving',
    does: 'the card is pulled at the second read, then put back in',
    ends: 'unplugged-early; what is sealed can be filed and is never called proven; put back in, it goes its whole way; clear',
    run: (bench) => pulled(bench, 'read', 3, null),
  },
  {
    name: 'changed-for-its-twin',
    does: 'after reading, the card is changed for another one with the same label, size and identity within a second',
    ends: 'the first docking ends; the twin is a docking of its own, its pictures are read, none is taken for the other card’s',
    async run(bench) {
      const card = await bench.ownCard(['A.JPG', 'B.JPG']);
      const first = await bench.read(card);
      const twin = await bench.twinOf(card, ['A.JPG', 'C.JPG']);
      await card.fuse.pull();
      await card.fuse.insert({ backing: twin.truth });
      const second = await dockAndRead(bench.station, card.root);
      assert.notEqual(second, first);
      assert.equal((await bench.station.call('dockings.get', { dockingId: first })).connected, false);
      await bench.shows(second, { state: 'sealed', equation: 'unfiled 2', onMedium: 'present 2' });
      assert.equal(await bench.station.codeOf('release.start', { dockingId: first }), 'not-connected');
      // Back to the first card, so that what is on it can be looked at.
      await card.fuse.pull();
      await card.fuse.insert();
      const third = await bench.read(card);
      await bench.shows(third, { state: 'sealed', onMedium: 'present 2' });
      return 'a docking of its own';
    },
  },
  {
    name: 'changed-before-erasing',
    does: 'under the same mount, another card’s content lies there when the first one’s pictures are to be erased',
    ends: 'nothing of the other card is erased: same name, other bytes is object-changed; what is not known is appeared-later',
    async run(bench) {
      const card = await bench.ownCard(['A.JPG', 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      const other = await bench.twinOf(card, ['A.JPG', 'C.JPG']);
      await card.faults({ backing: other.truth });
      await bench.erase(dockingId);
      const { state, onMedium, review } = await bench.shown(dockingId);
      assert.equal(state, 'sealed');
      assert.match(onMedium, /kept 1/);
      assert.deepEqual(
        review.filter((row) => !row.includes('B.JPG')),
        ['not-erased A.JPG object-changed', 'unreadable C.JPG appeared-later'],
      );
      await card.faults({});
      assert.deepEqual(await other.names(), ['A.JPG', 'C.JPG']);
      assert.deepEqual(await card.names(), ['A.JPG', 'B.JPG']);
      return 'kept: object-changed, not clear';
    },
  },
];

type Bench = Parameters<MediumScenario['run']>[0];

async function onImage(bench: Bench, mount: (folder: string) => Promise<ImageCard>): Promise<string> {
  const image = await mount(await mkdtemp(path.join(bench.folder, 'image-')));
  const folder = path.join(image.root, 'DCIM', '100CANON');
  await mkdir(folder, { recursive: true });
  for (const name of ['IMG_0001.JPG', 'IMG_0002.JPG']) await writeFile(path.join(folder, name), await bench.picture());
  return allGoes(bench, await bench.adopt(image.root, () => image.remove()));
}

/** The card dies at the n-th operation of a kind; what is shown then; put back in, everything goes its way. */
async function pulled(
  bench: Bench,
  op: 'list' | 'read',
  count: number,
  shown: { equation: string; review: readonly string[] } | null,
): Promise<string> {
  const card = await bench.ownCard(['A.JPG', 'B.JPG']);
  await card.faults({ 'dies-at': { op, count } });
  const { dockingId } = await bench.station.call('dock.folder', { path: card.root });
  await bench.station.until('dockings.get', { dockingId }, ({ connected }) => !connected);
  await bench.shows(dockingId, { state: 'unplugged-early', ...shown });
  assert.equal(await bench.station.codeOf('release.start', { dockingId }), 'not-connected');
  await card.faults({});
  await card.fuse.pull();
  await card.fuse.insert();
  const again = await bench.station.call('dock.folder', { path: card.root });
  assert.notEqual(again.dockingId, dockingId);
  await untilRead(bench.station, again.dockingId);
  await bench.shows(again.dockingId, { state: 'sealed', onMedium: 'present 2' });
  await bench.deliver(dockingId).catch(() => undefined);
  await bench.deliver(again.dockingId).catch(() => undefined);
  await bench.erase(again.dockingId);
  await bench.shows(again.dockingId, { state: 'clear', onMedium: 'absent 2' });
  assert.deepEqual(await card.names(), []);
  return 'unplugged-early, then clear';
}
