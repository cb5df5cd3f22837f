import assert from 'node:assert/strict';
import type { RigFault } from '../../support/usb-rig/faults.ts';
import type { RigObject } from '../../support/usb-rig/rig.ts';
import type { CableScenario } from './cable-table.ts';

const OBJECT_HANDLES = 0x1007;
const OBJECT_INFO = 0x1008;
const FOLDER = 'DCIM/100CANON';

/** Lists oddly, and everything is found once and under its own name. */
function foundOnce(name: string, does: string, faults: readonly RigFault[]): CableScenario {
  return {
    name,
    faults: faults.map((fault) => fault.name),
    does,
    ends: 'each object is one item under its folder; delivered and erased; clear',
    async run(bench) {
      const card = await bench.plug(['A.JPG', 'B.JPG', 'DCIM/101CANON/A.JPG'], { faults });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { problem: null, equation: 'unfiled 3', notListed: 0 });
      await bench.deliver(dockingId);
      assert.equal(await bench.erase(dockingId), 3);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 3', review: [] });
      assert.deepEqual(await card.names(), []);
      return 'clear';
    },
  };
}

/** Names that are made to break what reads them: each is an item of its own, shown without doing harm. */
const ODD_NAMES: readonly (readonly string[])[] = [
  ['DCIM', '100CANON', 'NEW\nLINE.JPG'],
  ['DCIM', '100CANON', '\u202EGPJ.A.JPG'],
  ['DCIM', '100CANON', `${'L'.repeat(240)}.JPG`],
  ['DCIM', '100CANON', '../../UP.JPG'],
  ['DCIM', '100CANON', '..'],
  ['DCIM', '100CANON', 'ÄÖ é \u{1F98A}.JPG'],
  ['DCIM', '100CANON', "'; DROP TABLE item; --.JPG"],
];

/** Devices that do not say what is on them, say it twice, or in a way that does not add up. */
export const listingScenarios: readonly CableScenario[] = [
  foundOnce('orphan-parents', 'names a parent for its first folders that does not exist, as iPhones do', [
    { name: 'orphan-parents' },
  ]),
  foundOnce('folder-in-itself', 'lists a folder in itself and calls it its own parent', [
    { name: 'cyclic-folders', path: 'DCIM' },
  ]),
  foundOnce('root-only', 'takes the question for all objects as one for those of the root', [
    { name: 'parent-zero-is-root' },
  ]),
  foundOnce('ghost-handles', 'lists three objects more than there are', [{ name: 'ghost-handles', count: 3 }]),
  foundOnce('listed-twice', 'lists every object twice', [{ name: 'handles-twice' }]),
  {
    name: 'one-says-nothing',
    faults: ['other-data'],
    does: 'gives noise when it is asked what one object is',
    ends: 'named in Review as an entry that cannot be listed; the other is delivered and erased; not clear until it can be listed',
    async run(bench) {
      const fault = {
        name: 'other-data',
        operation: OBJECT_INFO,
        path: `${FOLDER}/A.JPG`,
        base64: 'bm9pc2U=',
      } as const;
      const card = await bench.plug(['A.JPG', 'B.JPG'], { faults: [fault] });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { state: 'sealed', equation: 'unfiled 1', notListed: 1 });
      await bench.deliver(dockingId);
      assert.equal(await bench.erase(dockingId), 1);
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'absent 1', notListed: 1 });
      assert.deepEqual(await card.names(), [`${FOLDER}/A.JPG`]);
      await bench.toItsEnd(card, { replug: true });
      return 'not clear: unreadable-entry, then clear';
    },
  },
  {
    name: 'folder-refused',
    faults: ['refuse'],
    does: 'does not say what lies in one of its folders, nor in the flat list (2013)',
    ends: 'a partial listing is not taken for the whole: the folder is named in Review; not clear until it can be listed',
    async run(bench) {
      // The root is asked first; then DCIM, the folders in it, and everything at once.
      const card = await bench.plug(['A.JPG'], {
        faults: [{ name: 'refuse', operation: OBJECT_HANDLES, code: 0x2013, after: 1 }],
      });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { state: 'sealed', equation: '', notListed: 1 });
      await bench.toItsEnd(card, { replug: true });
      return 'not clear: unreadable-folder, then clear';
    },
  },
  {
    name: 'list-cut-short',
    faults: ['short-data'],
    does: 'ends every list of its objects 4 bytes early',
    ends: 'nothing is taken for its content: failed as a device that does not answer; read by itself once it does; clear',
    async run(bench) {
      const card = await bench.plug(['A.JPG', 'B.JPG'], {
        faults: [{ name: 'short-data', operation: OBJECT_HANDLES, bytes: 4 }],
      });
      await bench.docked(card, ({ problem }) => problem === 'device-not-answering');
      const { id } = (await bench.docking(card))!;
      await bench.shows(id, { state: 'failed', equation: '' });
      await bench.toItsEnd(card);
      return 'failed: device-not-answering, then clear';
    },
  },
  {
    name: 'one-name-twice',
    faults: [],
    does: 'holds two pictures of one name in one folder, of other bytes',
    ends: 'two items, told apart by size and time; one is filed, delivered and erased, and never the other in its place',
    async run(bench) {
      const card = await bench.plug(['A.JPG', 'A.JPG']);
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { equation: 'unfiled 2', notListed: 0 });
      const { captures } = await bench.station.call('captures.list', { dockingId });
      await bench.fileOne(captures[0]!.id);
      await bench.station.until('dockings.get', { dockingId }, ({ equation }) => equation.confirmed === 1);
      assert.equal(await bench.erase(dockingId), 1);
      await bench.shows(dockingId, {
        state: 'sealed',
        equation: 'confirmed 1, unfiled 1',
        onMedium: 'absent 1, kept 1',
      });
      assert.equal((await card.names()).length, 1);
      assert.deepEqual(await bench.violations(), []);
      await bench.toItsEnd(card, { replug: true });
      return 'two items, then clear';
    },
  },
  {
    name: 'all-alike',
    faults: [],
    does: 'holds two objects that are alike in name, folder, size and time, and differ in their bytes',
    ends: 'nobody can tell them apart: neither is read or erased, and Review says so; never clear',
    async run(bench) {
      const time = '20261120T090000';
      const twin = (seed: string): RigObject => ({ path: `${FOLDER}/A.JPG`, size: 3000, seed, time });
      const card = await bench.plug([twin('one'), twin('other'), 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { equation: 'unfiled 1', notListed: 1 });
      await bench.toItsEnd(card, { left: [`${FOLDER}/A.JPG`, `${FOLDER}/A.JPG`] });
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'absent 1', notListed: 1 });
      return 'not clear: listed-twice';
    },
  },
  {
    name: 'odd-names',
    faults: [],
    does: 'holds names with a line break, a mark that turns the direction of writing, 244 characters, slashes, two dots, and SQL',
    ends: 'each is an item of its own with a path of its own; all are delivered and erased; clear',
    async run(bench) {
      const objects: RigObject[] = [];
      for (const names of ODD_NAMES) objects.push({ ...(await bench.picture('x')), path: names.join('/'), names });
      const card = await bench.plug(objects);
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { equation: `unfiled ${ODD_NAMES.length}`, notListed: 0 });
      await bench.toItsEnd(card);
      return 'clear';
    },
  },
  {
    name: 'nameless',
    faults: [],
    does: 'holds an object whose name is empty',
    ends: 'named in Review as an entry that cannot be listed, and never touched; the picture beside it is delivered and erased; never clear',
    async run(bench) {
      const nameless = { ...(await bench.picture('x')), path: 'DCIM/100CANON/', names: ['DCIM', '100CANON', ''] };
      const card = await bench.plug([nameless, 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { equation: 'unfiled 1', notListed: 1 });
      await bench.toItsEnd(card, { left: ['DCIM/100CANON/'] });
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'absent 1', notListed: 1 });
      return 'not clear: unreadable-entry';
    },
  },
  {
    name: 'many-storages',
    faults: [],
    does: 'has two cards of one label, with a picture of the same name in the same folder of each',
    ends: 'two items under two names of their cards; delivered and erased; clear',
    async run(bench) {
      const card = await bench.plug(['A.JPG', await bench.picture('A.JPG', { storage: 1 })], {
        storages: [{ label: 'EOS' }, { label: 'EOS' }],
      });
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { equation: 'unfiled 2', notListed: 0 });
      await bench.toItsEnd(card);
      return 'clear';
    },
  },
];
