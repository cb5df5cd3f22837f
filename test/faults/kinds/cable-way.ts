import assert from 'node:assert/strict';
import type { RigFault, RigFaultName } from '../../support/usb-rig/faults.ts';
import type { RigDevice } from '../../support/usb-rig/rig.ts';
import type { CableScenario } from './cable-table.ts';

const OPEN_SESSION = 0x1002;
const STORAGE_IDS = 0x1004;
const OBJECT_HANDLES = 0x1007;
const OBJECT_INFO = 0x1008;
const GET_OBJECT = 0x1009;

interface Passing {
  readonly name: string;
  readonly does: string;
  readonly faults: readonly RigFault[];
  readonly kind?: RigDevice['kind'];
  readonly isLong?: boolean;
  /** The station never gives it an occasion. */
  readonly isNeverMet?: boolean;
}

/** A fault on the way that the station mends by itself: a card's whole life passes, and nobody hears of it. */
function passes({ name, does, faults, kind = 'camera', isLong = false, isNeverMet = false }: Passing): CableScenario {
  return {
    name,
    faults: [...new Set(faults.map((fault) => fault.name))],
    does,
    ends: 'nobody is asked anything: both pictures are sealed, proven, delivered and erased; clear',
    ...(isLong ? { isLong } : {}),
    async run(bench) {
      const card = await bench.plug(['A.JPG', 'B.JPG'], { kind, faults });
      const dockingId = await bench.read(card);
      for (const fault of new Set<RigFaultName>(faults.map((one) => one.name)))
        assert.equal((await bench.struck(card, fault)) > 0, !isNeverMet, `${fault} was met`);
      await bench.shows(dockingId, { state: 'sealed', problem: null, equation: 'unfiled 2', notListed: 0 });
      await bench.deliver(dockingId);
      assert.equal(await bench.erase(dockingId), 2);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 2', review: [] });
      assert.deepEqual(await card.names(), []);
      return 'clear';
    },
  };
}

/** What goes wrong between the two, once or for ever, and does no harm. */
export const wayScenarios: readonly CableScenario[] = [
  passes({
    name: 'busy-a-while',
    does: 'answers DeviceBusy three times to the question for its objects, and twice to each of the first reads',
    faults: [
      { name: 'device-busy', operation: OBJECT_HANDLES, times: 3 },
      { name: 'device-busy', operation: GET_OBJECT, times: 4 },
    ],
  }),
  passes({
    name: 'refuses-once',
    does: 'refuses the list of its objects once (2013 StoreNotAvailable) and one read once (2002 GeneralError)',
    faults: [
      { name: 'refuse', operation: OBJECT_HANDLES, code: 0x2013, times: 1 },
      { name: 'refuse', operation: GET_OBJECT, code: 0x2002, times: 1 },
    ],
  }),
  passes({
    name: 'slow',
    does: 'takes 300 ms for each answer with bytes',
    faults: [{ name: 'slow', operation: GET_OBJECT, milliseconds: 300 }],
  }),
  passes({
    name: 'session-left-open',
    does: 'says that a session is open already, as after a program that died',
    faults: [{ name: 'session-already-open', operation: OPEN_SESSION, times: 1 }],
  }),
  passes({
    name: 'info-in-session-only',
    does: 'tells what it is only inside a session',
    faults: [{ name: 'info-needs-session' }],
  }),
  passes({
    name: 'all-storages-unsupported',
    does: 'cannot be asked for the objects of all storages at once',
    faults: [{ name: 'all-storages-unsupported' }],
    isNeverMet: true,
  }),
  passes({
    name: 'stalls',
    does: 'halts its endpoint in the data of one read and of one ObjectInfo, and once instead of a response',
    faults: [
      { name: 'stall-at-data', operation: GET_OBJECT, times: 1, bytes: 512 },
      { name: 'stall-at-data', operation: OBJECT_INFO, times: 1 },
      { name: 'stall-at-response', operation: OBJECT_INFO, after: 2, times: 1 },
    ],
  }),
  passes({
    name: 'other-transaction',
    does: 'names another transaction in the data of one read, and in one response',
    faults: [
      { name: 'wrong-transaction', operation: GET_OBJECT, times: 1 },
      { name: 'wrong-transaction-response', operation: OBJECT_INFO, times: 1 },
    ],
  }),
  passes({
    name: 'noise-for-a-header',
    does: 'begins the data of one read with 12 bytes of noise',
    faults: [{ name: 'garbage-header', operation: GET_OBJECT, times: 1 }],
  }),
  passes({
    name: 'wrong-length-once',
    does: 'announces 512 bytes more than come, in one read',
    faults: [{ name: 'wrong-length', operation: GET_OBJECT, bytes: 512, times: 1 }],
  }),
  passes({
    name: 'short-once',
    does: 'ends one read 700 bytes early, and one list of objects 4 bytes early',
    faults: [
      { name: 'short-data', operation: GET_OBJECT, bytes: 700, times: 1 },
      { name: 'short-data', operation: OBJECT_HANDLES, bytes: 4, times: 1 },
    ],
  }),
  passes({
    name: 'long-once',
    does: 'sends 700 bytes more than it announced, in one read',
    faults: [{ name: 'long-data', operation: GET_OBJECT, bytes: 700, times: 1 }],
  }),
  passes({
    name: 'unusual-packets',
    does: 'sends each header in a packet of its own, leaves out empty packets, and announces no length for small datasets: all of it seen on real devices',
    faults: [{ name: 'split-header' }, { name: 'no-zero-packet' }, { name: 'huge-length', operation: OBJECT_INFO }],
  }),
  passes({
    name: 'other-answer-once',
    does: 'gives the bytes of one read whole and says GeneralError, and gives noise for one ObjectInfo',
    faults: [
      { name: 'other-response', operation: GET_OBJECT, code: 0x2002, times: 1 },
      { name: 'other-data', operation: OBJECT_INFO, base64: 'bm9pc2U=', times: 1 },
    ],
  }),
  passes({
    name: 'silent-once',
    does: 'never answers one question for what an object is',
    faults: [{ name: 'silence', operation: OBJECT_INFO, times: 1 }],
    isLong: true,
  }),
  passes({
    name: 'no-response-once',
    does: 'gives the list of its storages, and never the response',
    faults: [{ name: 'no-response', operation: STORAGE_IDS, times: 1 }],
    isLong: true,
  }),
  passes({
    name: 'hangs-in-data-once',
    does: 'stops in the middle of one read, after 1024 bytes',
    faults: [{ name: 'hang-in-data', operation: GET_OBJECT, bytes: 1024, times: 1 }],
    isLong: true,
  }),
];
