import assert from 'node:assert/strict';
import type { MediumScenario } from './medium-table.ts';

/** Cards that do not give their bytes, or not the same ones twice. */
export const readingScenarios: readonly MediumScenario[] = [
  {
    name: 'read-error',
    does: 'every read of one file from some offset on fails (EIO)',
    ends: 'that file is unreadable with EIO and stays; the others are delivered and erased; the card is not clear',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ eio: { 'B.JPG': { from: bench.random.below(700) } } });
      return badFileStays(bench, card, 'EIO');
    },
  },
  {
    name: 'read-error-once',
    does: 'the first read of one file fails, later ones succeed',
    ends: 'it is read again by itself; everything is delivered and erased; clear',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ eio: { 'B.JPG': { times: 1 } } });
      return allGoes(bench, card);
    },
  },
  {
    name: 'short-reads',
    does: 'no read gives more than 100 bytes, so that no offset is a multiple of a sector',
    ends: 'both reads are put together whole; delivered and erased; clear',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      await card.faults({ short: { 'A.JPG': 100 } });
      return allGoes(bench, card);
    },
  },
  {
    name: 'slow-reads',
    does: 'each read takes its time',
    ends: 'it takes longer, and nothing else is different; clear',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      await card.faults({ slow: 0.02 });
      return allGoes(bench, card);
    },
  },
  {
    name: 'other-bytes-later',
    does: 'from the second read on, one file has other bytes',
    ends: 'unreadable with second-read-differs, never erasable, both the file and what was first read of it kept',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ 'other-bytes': ['B.JPG'] });
      return badFileStays(bench, card, 'second-read-differs');
    },
  },
  {
    name: 'other-bytes-first',
    does: 'the first read of one file gives wrong bytes, later ones the right ones',
    ends: 'unreadable with second-read-differs: the station cannot know which read was right; docked again it is delivered and erased',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      card.blame('B.JPG');
      await card.faults({ 'first-other': ['B.JPG'] });
      const first = await bench.read(card);
      await bench.shows(first, {
        state: 'sealed',
        equation: 'unfiled 1, unreadable 1',
        review: ['unfiled A.JPG null', 'unreadable B.JPG second-read-differs'],
      });
      await bench.deliver(first);
      assert.equal(await bench.erase(first), 1);
      assert.deepEqual(await card.names(), ['B.JPG']);
      return 'kept: unreadable';
    },
  },
  {
    name: 'other-bytes-before-erasing',
    does: 'one file has other bytes when it is looked at before it is erased',
    ends: 'it stays, kept with object-changed; the other is erased',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.faults({ 'other-bytes': ['B.JPG'] });
      await bench.erase(dockingId);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'absent 1, kept 1',
        review: ['not-erased B.JPG object-changed'],
      });
      assert.deepEqual(await card.names(), ['B.JPG']);
      return 'kept: object-changed';
    },
  },
  {
    name: 'read-error-before-erasing',
    does: 'one file cannot be read any more when it is looked at before it is erased',
    ends: 'it stays, kept with object-unreadable; the other is erased; once it can be read it is erased too',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.faults({ eio: ['B.JPG'] });
      await bench.erase(dockingId);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'absent 1, kept 1',
        review: ['not-erased B.JPG object-unreadable'],
      });
      assert.deepEqual(await card.names(), ['B.JPG']);
      await card.faults({});
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 2', review: [] });
      return 'kept: object-unreadable, then clear';
    },
  },
  {
    name: 'vanishes-after-listing',
    does: 'one file is listed and is gone when it is opened',
    ends: 'unreadable with ENOENT, not forgotten; the card is not clear',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ ghosts: ['B.JPG'] });
      return badFileStays(bench, card, 'ENOENT');
    },
  },
  {
    name: 'grows-while-read',
    does: 'one file gets longer with every read',
    ends: 'unreadable with source-changed; nothing of it is taken for the whole; it stays',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ grows: { 'B.JPG': 600 } });
      return badFileStays(bench, card, 'source-changed');
    },
  },
  {
    name: 'never-ends',
    does: 'reading one file never comes to an end',
    ends: 'reading stops at the listed size: unreadable with source-changed, and the quarantine does not fill up',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ endless: ['B.JPG'] });
      return badFileStays(bench, card, 'source-changed');
    },
  },
  {
    name: 'cut-while-read',
    does: 'one file is half as long once its beginning was read',
    ends: 'unreadable with source-changed; it stays',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ shrinks: ['B.JPG'], short: { 'B.JPG': 256 } });
      return badFileStays(bench, card, 'source-changed');
    },
  },
  {
    name: 'written-while-read',
    does: 'the time of change of one file moves on with every read',
    ends: 'unreadable with source-changed: what changes under one’s hands is not sealed; it stays',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ touched: ['B.JPG'] });
      return badFileStays(bench, card, 'source-changed');
    },
  },
  {
    name: 'odd-clocks',
    does: 'files from 1980, 2107, before 1970 and beyond any calendar',
    ends: 'the card’s clock decides nothing: delivered and erased; clear; the certificate can be written',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG', 'C.JPG', 'D.JPG']);
      const mtime = { 'A.JPG': 315_532_800, 'B.JPG': 4_354_819_198, 'C.JPG': -86_400 * 365, 'D.JPG': 9e15 };
      await card.faults({ mtime });
      return allGoes(bench, card);
    },
  },
];

type Bench = Parameters<MediumScenario['run']>[0];
type Card = Awaited<ReturnType<Bench['card']>>;

/** B.JPG is bad and A.JPG is good: the good one goes its whole way, the bad one stays and is named. */
async function badFileStays(bench: Bench, card: Card, code: string): Promise<string> {
  const dockingId = await bench.read(card);
  await bench.shows(dockingId, {
    state: 'sealed',
    equation: 'unfiled 1, unreadable 1',
    review: ['unfiled A.JPG null', `unreadable B.JPG ${code}`],
  });
  await bench.deliver(dockingId);
  assert.equal(await bench.erase(dockingId), 1);
  assert.deepEqual(await card.names(), ['B.JPG']);
  assert.deepEqual(await bench.because(dockingId), { 'B.JPG': ['unreadable'] });
  await bench.shows(dockingId, {
    state: 'sealed',
    equation: 'confirmed 1, unreadable 1',
    onMedium: 'absent 1, kept 1',
    review: [`unreadable B.JPG ${code}`],
  });
  return `unreadable: ${code}`;
}

/** Everything goes its whole way and the card ends clear. */
export async function allGoes(bench: Bench, card: Card): Promise<string> {
  const dockingId = await bench.read(card);
  const listed = (await card.names()).length;
  await bench.shows(dockingId, { state: 'sealed', equation: `unfiled ${listed}` });
  await bench.deliver(dockingId);
  assert.equal(await bench.erase(dockingId), listed);
  await bench.shows(dockingId, { state: 'clear', onMedium: `absent ${listed}`, review: [] });
  assert.deepEqual(await card.names(), []);
  return 'clear';
}
