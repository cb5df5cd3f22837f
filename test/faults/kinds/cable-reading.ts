import assert from 'node:assert/strict';
import type { RigFault } from '../../support/usb-rig/faults.ts';
import type { RigDevice, RigObject } from '../../support/usb-rig/rig.ts';
import type { CableBench } from './cable-bench.ts';
import type { CableScenario } from './cable-table.ts';

const GET_OBJECT = 0x1009;
const MEBI = 1024 * 1024;
const A = 'DCIM/100CANON/A.JPG';

interface Bad {
  readonly name: string;
  readonly does: string;
  readonly fault: Omit<RigFault, 'path'>;
  /** Why the picture is unreadable. */
  readonly code: string;
  readonly isLong?: boolean;
}

/** One picture of two cannot be read, for as long as the fault lasts. */
function unreadable({ name, does, fault, code, isLong = false }: Bad): CableScenario {
  return {
    name,
    faults: [fault.name],
    does,
    ends: `that picture is unreadable with ${code} and stays, the other is delivered and erased, not clear; plugged in again without the fault it is delivered and erased`,
    ...(isLong ? { isLong } : {}),
    async run(bench) {
      const card = await bench.plug(['A.JPG', 'B.JPG'], { faults: [{ ...fault, path: A }] });
      card.blame(A);
      await badOneStays(bench, card, code);
      await bench.toItsEnd(card, { replug: true });
      return `unreadable: ${code}, then clear`;
    },
  };
}

type Card = Awaited<ReturnType<CableBench['plug']>>;

/** A.JPG is unreadable for this reason and never erased; B.JPG goes its way. */
async function badOneStays(bench: CableBench, card: Card, code: string): Promise<void> {
  const dockingId = await bench.read(card);
  await bench.shows(dockingId, { state: 'sealed', problem: null, equation: 'unfiled 1, unreadable 1' });
  await bench.deliver(dockingId);
  await bench.erase(dockingId);
  await bench.shows(dockingId, {
    state: 'sealed',
    equation: 'confirmed 1, unreadable 1',
    onMedium: 'absent 1, kept 1',
    review: [`unreadable A.JPG ${code}`],
  });
  assert.deepEqual(await card.names(), [A]);
}

/** A picture of 9 MiB, which is read in parts where the device can. */
async function large(bench: CableBench): Promise<RigObject> {
  return bench.picture('LARGE.JPG', { size: 9 * MEBI + 5, seed: `large ${bench.random.below(1e9)}` });
}

function inParts(name: string, does: string, fault: RigFault, kind: RigDevice['kind']): CableScenario {
  return {
    name,
    faults: [fault.name],
    does,
    ends: 'both reads are put together whole, with one hash; sealed and proven',
    async run(bench) {
      const card = await bench.plug([await large(bench)], { kind, faults: [fault] });
      const dockingId = await bench.read(card);
      assert.equal((await bench.struck(card, fault.name)) > 0, true);
      await bench.shows(dockingId, { state: 'sealed', problem: null });
      await bench.toItsEnd(card, { left: kind === 'camera' ? [] : ['DCIM/100CANON/LARGE.JPG'] });
      return 'proven';
    },
  };
}

/** Devices that do not give their bytes, or not the same ones twice, or not as many as they said. */
export const readingScenarios: readonly CableScenario[] = [
  unreadable({
    name: 'short-data',
    does: 'ends every read of one picture 700 bytes early',
    fault: { name: 'short-data', operation: GET_OBJECT, bytes: 700 },
    code: 'device-short-data',
  }),
  unreadable({
    name: 'long-data',
    does: 'sends 700 bytes more than announced in every read of one picture',
    fault: { name: 'long-data', operation: GET_OBJECT, bytes: 700 },
    code: 'device-protocol',
  }),
  unreadable({
    name: 'stalls-always',
    does: 'halts its endpoint in every read of one picture',
    fault: { name: 'stall-at-data', operation: GET_OBJECT, bytes: 512 },
    // The way is mended by a reset after the first times; in the end nothing comes any more.
    code: 'device-timeout',
    isLong: true,
  }),
  unreadable({
    name: 'size-too-large',
    does: 'says that one picture has 100 bytes more than it has',
    fault: { name: 'wrong-size', bytes: 100 },
    code: 'device-short-data',
  }),
  unreadable({
    name: 'size-too-small',
    does: 'says that one picture has 100 bytes fewer than it has',
    fault: { name: 'wrong-size', bytes: -100 },
    code: 'device-size-differs',
  }),
  unreadable({
    name: 'access-denied',
    does: 'refuses every read of one picture (200F AccessDenied)',
    fault: { name: 'unreadable' },
    code: 'device-access-denied',
  }),
  unreadable({
    name: 'busy-for-ever',
    does: 'answers DeviceBusy to every read of one picture, however long one waits',
    fault: { name: 'device-busy', operation: GET_OBJECT },
    code: 'device-busy',
    isLong: true,
  }),
  unreadable({
    name: 'other-bytes-later',
    does: 'gives other bytes of one picture from the second read on',
    fault: { name: 'other-bytes', from: 2 },
    code: 'second-read-differs',
  }),
  unreadable({
    name: 'other-bytes-in-the-middle',
    does: 'gives one byte in the middle of one picture differently from the second read on',
    fault: { name: 'other-bytes', from: 2, at: 900 },
    code: 'second-read-differs',
  }),
  inParts('short-parts', 'gives half of each part that it is asked for', { name: 'short-partial' }, 'camera'),
  inParts(
    'no-parts',
    'offers to be read in parts and then does not know how (2005)',
    { name: 'no-partial-reads' },
    'android',
  ),
  {
    name: 'four-gigabytes',
    faults: ['unreadable'],
    does: 'holds a film of 5 GB, and refuses to give it',
    ends: 'its size is asked for by the property of 64 bits: it is an item, unreadable, and stays; the picture beside it is delivered',
    async run(bench) {
      const film = { path: 'DCIM/Camera/FILM.MP4', size: 5 * 1024 * MEBI, seed: 'film', time: '20261120T090000' };
      const faults = [{ name: 'unreadable', path: film.path } as const];
      const card = await bench.plug([film, await bench.picture('DCIM/Camera/A.JPG')], { kind: 'android', faults });
      card.blame(film.path);
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, {
        equation: 'unfiled 1, unreadable 1',
        review: ['unfiled A.JPG null', 'unreadable FILM.MP4 device-access-denied'],
      });
      const { totalBytes } = await bench.station.call('dockings.get', { dockingId });
      assert.equal(totalBytes > film.size, true);
      assert.equal((await card.body.state()).bytesSent < 10 * MEBI, true);
      return 'unreadable: device-access-denied';
    },
  },
  {
    name: 'four-gigabytes-unsaid',
    faults: [],
    does: 'holds a film of 5 GB and cannot say its size: 32 bits are all it has',
    ends: 'named in Review as an entry that cannot be listed; nothing of it is read; the picture beside it goes its way; never clear',
    async run(bench) {
      const film = { path: 'DCIM/100CANON/FILM.MOV', size: 5 * 1024 * MEBI, seed: 'film', time: '20261120T090000' };
      const card = await bench.plug([film, 'A.JPG']);
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { equation: 'unfiled 1', notListed: 1 });
      assert.equal((await card.body.state()).bytesSent < 10 * MEBI, true);
      await bench.toItsEnd(card, { left: [film.path] });
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'absent 1', notListed: 1 });
      return 'not clear: unreadable-entry';
    },
  },
  {
    name: 'no-bytes',
    faults: [],
    does: 'holds a picture of no bytes at all',
    ends: 'it is sealed as what it is, nobody can file it as a picture, and it stays until somebody decides',
    async run(bench) {
      const card = await bench.plug([{ path: A, base64: '', time: '20261120T090000' }, 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, { problem: null, notListed: 0 });
      await bench.toItsEnd(card, { left: [A] });
      return 'kept';
    },
  },
];
