import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { allGoes } from './medium-reading.ts';
import type { MediumScenario } from './medium-table.ts';

/** Cards that do not say what is on them, or not all of it. */
export const listingScenarios: readonly MediumScenario[] = [
  {
    name: 'folder-breaks-off',
    does: 'the listing of one folder breaks off with EIO after the first entries',
    ends: 'the partial listing is not taken for the whole: the folder is named as unreadable in Review; never clear',
    async run(bench) {
      const card = await bench.card(['DCIM/A.JPG', 'OTHER/B.JPG', 'OTHER/C.JPG']);
      await card.faults({ 'list-fails': { OTHER: { after: 1, times: 99 } } });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, {
        state: 'sealed',
        equation: 'unfiled 1',
        notListed: 1,
        review: ['unfiled A.JPG null', 'unreadable OTHER unreadable-folder'],
      });
      await bench.deliver(dockingId);
      assert.equal(await bench.erase(dockingId), 1);
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'absent 1', notListed: 1 });
      assert.deepEqual(await card.names(), ['OTHER/B.JPG', 'OTHER/C.JPG']);
      return 'not clear: unreadable-folder';
    },
  },
  {
    name: 'folder-breaks-off-once',
    does: 'the listing of one folder fails once',
    ends: 'it is listed again by itself; everything goes its way; clear',
    async run(bench) {
      const card = await bench.card(['DCIM/A.JPG', 'DCIM/B.JPG']);
      await card.faults({ 'list-fails': { DCIM: { after: 1, times: 1 } } });
      return allGoes(bench, card);
    },
  },
  {
    name: 'root-breaks-off',
    does: 'the card is there and its root cannot be listed',
    ends: 'failed with medium-unreadable, not "unplugged"; it goes on by itself once the root can be listed; clear',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ 'list-fails': { '': { after: 1, times: 99 } } });
      const { dockingId } = await bench.station.call('dock.folder', { path: card.root });
      await bench.shows(dockingId, { state: 'failed', problem: 'medium-unreadable', equation: '' });
      await card.faults({});
      return allGoes(bench, card);
    },
  },
  {
    name: 'attributes-fail',
    does: 'what one name is cannot be found out (EIO)',
    ends: 'named as unreadable-entry in Review; the others go their way; never clear',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ 'lstat-fails': { 'B.JPG': 9999 } });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, {
        state: 'sealed',
        equation: 'unfiled 1',
        notListed: 1,
        review: ['unfiled A.JPG null', 'unreadable B.JPG unreadable-entry'],
      });
      await bench.deliver(dockingId);
      assert.equal(await bench.erase(dockingId), 1);
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'absent 1' });
      assert.deepEqual(await card.names(), ['B.JPG']);
      return 'not clear: unreadable-entry';
    },
  },
  {
    name: 'attributes-fail-once',
    does: 'what one name is cannot be found out at first',
    ends: 'it is listed again by itself; clear',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      await card.faults({ 'lstat-fails': { 'B.JPG': 1 } });
      return allGoes(bench, card);
    },
  },
  {
    name: 'listed-twice',
    does: 'a damaged folder lists every name twice',
    ends: 'each is one item; the second one is named in Review as listed-twice; not clear until a listing after erasing is whole',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      await card.faults({ 'list-twice': [''] });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, {
        state: 'sealed',
        equation: 'unfiled 1',
        notListed: 1,
        review: ['unfiled A.JPG null', 'unreadable A.JPG listed-twice'],
      });
      await bench.deliver(dockingId);
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 1', notListed: 0, review: [] });
      return 'listed-twice, then clear';
    },
  },
  {
    name: 'listed-and-not-there',
    does: 'a name is listed and nothing answers to it',
    ends: 'named in Review as unreadable-entry; never clear',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      await card.faults({ 'list-also': { '': ['GHOST.JPG'] } });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, {
        equation: 'unfiled 1',
        notListed: 1,
        review: ['unfiled A.JPG null', 'unreadable GHOST.JPG unreadable-entry'],
      });
      return 'not clear: unreadable-entry';
    },
  },
  {
    name: 'check-breaks-off',
    does: 'after erasing, the folder of what was erased cannot be listed',
    ends: 'not called absent: erase-unverified; once it can be listed, erasing again ends clear',
    async run(bench) {
      const card = await bench.card(['DCIM/A.JPG', 'DCIM/B.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.faults({ 'list-fails': { DCIM: { after: 0, times: 99 } } });
      assert.equal(await bench.erase(dockingId), 2);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'eraseUnverified 2',
        notListed: 1,
        review: [
          'not-erased A.JPG erase-unverified',
          'not-erased B.JPG erase-unverified',
          'unreadable DCIM unreadable-folder',
        ],
      });
      await card.faults({});
      assert.equal(await bench.erase(dockingId), 2);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 2', notListed: 0, review: [] });
      return 'erase-unverified, then clear';
    },
  },
  {
    name: 'check-root-breaks-off',
    does: 'after erasing, the card cannot be listed at all',
    ends: 'erasing does not go on for ever: erase-unverified; once it can be listed, erasing again ends clear',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.faults({ 'list-fails': { '': { after: 0, times: 99 } } });
      await bench.erase(dockingId);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'eraseUnverified 1',
        review: ['not-erased A.JPG erase-unverified'],
      });
      await card.faults({});
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 1', review: [] });
      return 'erase-unverified, then clear';
    },
  },
  {
    name: 'appears-later',
    does: 'a picture comes onto the card after it was listed',
    ends: 'everything listed is erased and the card is still not clear: the new picture is named as appeared-later',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await writeFile(path.join(card.truth, 'LATER.JPG'), await bench.picture());
      await card.remember();
      card.blame('LATER.JPG');
      await bench.erase(dockingId);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'absent 1',
        notListed: 1,
        review: ['unreadable LATER.JPG appeared-later'],
      });
      assert.deepEqual(await card.names(), ['LATER.JPG']);
      return 'not clear: appeared-later';
    },
  },
  {
    name: 'renamed-later',
    does: 'a proven picture is renamed on the card before it is erased',
    ends: 'the old name is already gone and the new one is named as appeared-later; not clear, nothing erased',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await rename(path.join(card.truth, 'A.JPG'), path.join(card.truth, 'Z.JPG'));
      await card.remember();
      card.blame('A.JPG', 'Z.JPG');
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'sealed', notListed: 1, review: ['unreadable Z.JPG appeared-later'] });
      assert.deepEqual(await card.names(), ['Z.JPG']);
      return 'not clear: appeared-later';
    },
  },
];
