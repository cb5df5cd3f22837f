import assert from 'node:assert/strict';
import type { FaultRandom } from '../../support/fault-random.ts';
import type { RigFault } from '../../support/usb-rig/faults.ts';
import type { CableBench } from './cable-bench.ts';
import type { CableScenario } from './cable-table.ts';

const DELETE_OBJECT = 0x100b;
const GET_OBJECT = 0x1009;
/** A life of three pictures: more questions than it takes, so that an unplug may also come after everything. */
const QUESTIONS_OF_A_LIFE = 130;
const PICTURES = 3;

/** The cable is pulled in the middle of something; plugged in again, the life goes on to its end. */
function pulled(name: string, does: string, fault: RigFault): CableScenario {
  return {
    name,
    faults: [fault.name],
    does,
    ends: 'the docking ends, nothing is called absent that was not looked for; plugged in again it is read, delivered and erased; both dockings end whole',
    async run(bench) {
      const card = await bench.plug(['A.JPG', 'B.JPG', 'C.JPG'], { faults: [fault] });
      // A life that plugs in again what was pulled.
      assert.equal(await bench.life(card), true);
      assert.equal(await bench.struck(card, fault.name), 1);
      assert.equal((await card.body.state()).plugs, 2);
      await bench.toItsEnd(card);
      return 'unplugged, then clear';
    },
  };
}

/** Pulled at a random question or in random data, as often as it comes; put back in until the life is over. */
export async function pullAnywhere(bench: CableBench, random: FaultRandom): Promise<string> {
  const names = Array.from({ length: PICTURES }, (_, at) => `P${at + 1}.JPG`);
  const inData = random.below(3) === 0;
  const after = random.below(inData ? 40 : QUESTIONS_OF_A_LIFE);
  const fault: RigFault = inData
    ? { name: 'unplug-in-data', after, bytes: random.below(4000), times: 1 }
    : { name: random.below(4) === 0 ? 'unplug-before-response' : 'unplug-at', after, times: 1 };
  const card = await bench.plug(names, { faults: [fault] });
  assert.equal(await bench.life(card), true);
  const { plugs } = await card.body.state();
  await bench.toItsEnd(card);
  return plugs > 1 ? 'unplugged, then clear' : 'over before it was unplugged';
}

/** Devices whose cable is pulled: at a question, in the middle of bytes, between a deed and its answer. */
export const unpluggingScenarios: readonly CableScenario[] = [
  pulled('unplugged-while-listing', 'is pulled as it is asked what its second object is', {
    name: 'unplug-at',
    operation: 0x1008,
    after: 1,
    times: 1,
  }),
  pulled('unplugged-while-sealing', 'is pulled 700 bytes into the second picture', {
    name: 'unplug-in-data',
    operation: GET_OBJECT,
    after: 1,
    bytes: 700,
    times: 1,
  }),
  pulled('unplugged-while-proving', 'is pulled 700 bytes into the second read of a picture', {
    name: 'unplug-in-data',
    operation: GET_OBJECT,
    path: '*A.JPG',
    after: 1,
    bytes: 700,
    times: 1,
  }),
  pulled('unplugged-before-erasing', 'is pulled in the bytes that are looked at before a picture is erased', {
    name: 'unplug-in-data',
    operation: GET_OBJECT,
    path: '*A.JPG',
    after: 2,
    bytes: 700,
    times: 1,
  }),
  pulled('unplugged-at-a-deletion', 'is pulled as a picture is to be deleted: it is not', {
    name: 'unplug-at',
    operation: DELETE_OBJECT,
    after: 1,
    times: 1,
  }),
  pulled('unplugged-after-a-deletion', 'is pulled between a deletion and its answer', {
    name: 'unplug-before-response',
    operation: DELETE_OBJECT,
    after: 1,
    times: 1,
  }),
  {
    name: 'unplugged-anywhere',
    faults: ['unplug-at', 'unplug-in-data', 'unplug-before-response'],
    does: 'is pulled at a random question, in random data, or before a random answer (the kind `cable-unplug` does only this)',
    ends: 'put back in, its life goes on to its end: read, delivered, erased, absent',
    run: (bench) => pullAnywhere(bench, bench.random),
  },
];
