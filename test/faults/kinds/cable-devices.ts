import assert from 'node:assert/strict';
import type { RigFault } from '../../support/usb-rig/faults.ts';
import type { CableBench } from './cable-bench.ts';
import type { CableScenario } from './cable-table.ts';

const GET_OBJECT = 0x1009;
const CAMERA_ROLL = 'DCIM/100APPLE';

type Card = Awaited<ReturnType<CableBench['plug']>>;

/** Says in the register that a phone is the department's own. */
async function manage(bench: CableBench, card: Card): Promise<void> {
  const { medium } = (await bench.docking(card))!;
  await bench.station.call('media.update', { mediumId: medium.id, managed: true });
}

/** An iPhone that does not give the original of one picture. */
function iphone(name: string, does: string, fault: Omit<RigFault, 'path'>, code: string): CableScenario {
  return {
    name,
    faults: [fault.name],
    does,
    ends: `${code}: nothing of it is taken for the original, and it stays; the other is delivered; plugged in again without the fault it is read`,
    async run(bench) {
      const path = `${CAMERA_ROLL}/IMG_0001.HEIC`;
      // The beginning of a HEIC file; nobody looks at the rest of it here.
      const base64 = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1').toString('base64');
      const card = await bench.plug(
        [
          await bench.picture(path, { base64, size: 5000, seed: name }),
          await bench.picture(`${CAMERA_ROLL}/IMG_0002.JPG`),
        ],
        { kind: 'iphone', faults: [{ ...fault, path }] },
      );
      card.blame(path);
      const dockingId = await bench.read(card);
      await bench.shows(dockingId, {
        equation: 'unfiled 1, unreadable 1',
        review: ['unfiled IMG_0002.JPG null', `unreadable IMG_0001.HEIC ${code}`],
      });
      await card.body.clearFaults();
      const again = await bench.readAgain(card);
      const { equation } = await bench.station.call('dockings.get', { dockingId: again });
      assert.equal(equation.unreadable, 0);
      assert.equal((await card.names()).length, 2);
      return code;
    },
  };
}

/** What is wrong with a device as a whole, and with whose it is. */
export const deviceScenarios: readonly CableScenario[] = [
  {
    name: 'locked-phone',
    faults: [],
    does: 'is locked when it is plugged in, and unlocked later',
    ends: 'it is said what to do (phone-locked-or-charging); read by itself once it is unlocked; personal, so nothing is ever erased',
    async run(bench) {
      const card = await bench.plug(['DCIM/Camera/A.JPG'], { kind: 'android', locked: true });
      await bench.docked(card, ({ problem }) => problem === 'phone-locked-or-charging');
      await card.body.unlock();
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      assert.equal(await bench.station.codeOf('release.start', { dockingId }), 'personal-phone');
      await bench.shows(dockingId, { problem: null, equation: 'confirmed 1', onMedium: 'present 1' });
      assert.deepEqual(await card.names(), ['DCIM/Camera/A.JPG']);
      return 'refused: personal-phone';
    },
  },
  {
    name: 'locks-in-the-middle',
    faults: ['forgets-storages'],
    does: 'locks itself in the middle of being read: no storages, no objects',
    ends: 'nothing is called absent or gone for good; unlocked and plugged in again everything is read and delivered',
    async run(bench) {
      const names = ['DCIM/Camera/A.JPG', 'DCIM/Camera/B.JPG', 'DCIM/Camera/C.JPG'];
      const card = await bench.plug(names, {
        kind: 'android',
        faults: [{ name: 'forgets-storages', operation: GET_OBJECT, after: 1 + bench.random.below(4), times: 1 }],
      });
      card.blame(...names);
      await bench.docked(card, () => true);
      await bench.until(async () => (await bench.struck(card, 'forgets-storages')) > 0);
      await card.body.unlock();
      await bench.read(card);
      const dockingId = await bench.readAgain(card);
      const { equation } = await bench.station.call('dockings.get', { dockingId });
      assert.deepEqual([equation.listed, equation.unreadable], [3, 0]);
      await bench.deliver(dockingId);
      assert.deepEqual(await card.names(), names);
      return 'delivered';
    },
  },
  {
    name: 'locks-before-the-check',
    faults: ['forgets-storages'],
    does: 'is the department’s own, and locks itself once its pictures were erased',
    ends: 'fewer objects are no proof: erase-unverified, not absent; unlocked and erased again they are absent; clear',
    async run(bench) {
      const card = await bench.plug(['DCIM/Camera/A.JPG'], { kind: 'android' });
      const dockingId = await bench.read(card);
      await manage(bench, card);
      await bench.deliver(dockingId);
      // The first question of the new session.
      await card.body.fault({ name: 'forgets-storages', operation: 0x1004, times: 1, after: 0 });
      await bench.station.call('release.start', { dockingId });
      await bench.until(async () => (await bench.struck(card, 'forgets-storages')) > 0);
      await bench.station.until('dockings.get', { dockingId }, ({ state }) => state !== 'erasing', 100_000);
      const { onMedium } = await bench.station.call('dockings.get', { dockingId });
      assert.equal(onMedium.absent, 0);
      await card.body.unlock();
      await bench.toItsEnd(card);
      return 'not absent, then clear';
    },
  },
  {
    name: 'managed-phone',
    faults: ['lying-delete'],
    does: 'is the department’s own, and answers OK to a deletion that it does not do',
    ends: 'erased like a camera: erase-unverified while it lies, then absent; clear',
    async run(bench) {
      const path = 'DCIM/Camera/A.JPG';
      const card = await bench.plug([path], { kind: 'android', faults: [{ name: 'lying-delete', times: 1 }] });
      const dockingId = await bench.read(card);
      await manage(bench, card);
      await bench.deliver(dockingId);
      assert.equal(await bench.erase(dockingId), 1);
      await bench.shows(dockingId, { state: 'sealed', review: ['not-erased A.JPG erase-unverified'] });
      await bench.toItsEnd(card);
      return 'erase-unverified, then clear';
    },
  },
  iphone(
    'transcoding',
    'converts on the way: what comes is a JPEG of another size than that which it listed',
    {
      name: 'transcoding',
      base64: Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex').toString('base64'),
    },
    'phone-transcodes',
  ),
  iphone(
    'cloud-only',
    'has the original in the cloud only (2002 GeneralError)',
    { name: 'cloud-only' },
    'not-on-phone',
  ),
  {
    name: 'untold-pictures',
    faults: ['events-lost'],
    does: 'takes pictures and does not announce them',
    ends: 'they are found by comparing; items of the docking that is open; delivered and erased; clear',
    async run(bench) {
      const card = await bench.plug(['A.JPG'], { faults: [{ name: 'events-lost' }] });
      const dockingId = await bench.read(card);
      await card.add(await bench.picture('B.JPG'), await bench.picture('C.JPG'));
      await bench.station.until('dockings.get', { dockingId }, ({ equation }) => equation.listed === 3);
      await bench.toItsEnd(card);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 3' });
      return 'clear';
    },
  },
  {
    name: 'ghost-events',
    faults: ['ghost-events'],
    does: 'announces a picture that does not exist before each real one, and then five hundred more',
    ends: 'what does not exist is no item; the real ones are; delivered and erased; clear',
    async run(bench) {
      const card = await bench.plug(['A.JPG'], { faults: [{ name: 'ghost-events' }] });
      const dockingId = await bench.read(card);
      await card.add(await bench.picture('B.JPG'));
      await card.body.flood(500);
      await card.add(await bench.picture('C.JPG'));
      await bench.station.until('dockings.get', { dockingId }, ({ equation }) => equation.listed === 3);
      await bench.toItsEnd(card);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 3' });
      return 'clear';
    },
  },
];
