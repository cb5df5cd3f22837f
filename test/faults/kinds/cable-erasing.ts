import assert from 'node:assert/strict';
import type { RigFault } from '../../support/usb-rig/faults.ts';
import type { RigStorage } from '../../support/usb-rig/rig.ts';
import type { CableBench } from './cable-bench.ts';
import type { CableScenario } from './cable-table.ts';

const DELETE_OBJECT = 0x100b;
const OBJECT_HANDLES = 0x1007;
const A = 'DCIM/100CANON/A.JPG';
const B = 'DCIM/100CANON/B.JPG';

type Card = Awaited<ReturnType<CableBench['plug']>>;

/** Two pictures that are delivered; then the fault begins and both are ordered to be erased. */
async function ordered(bench: CableBench, faults: readonly RigFault[]): Promise<{ card: Card; dockingId: string }> {
  const card = await bench.plug(['A.JPG', 'B.JPG']);
  const dockingId = await bench.read(card);
  await bench.deliver(dockingId);
  for (const fault of faults) await card.body.fault(fault);
  assert.equal(await bench.erase(dockingId), 2);
  return { card, dockingId };
}

interface Staying {
  readonly name: string;
  readonly does: string;
  readonly fault: RigFault;
  /** What of A is said afterwards. */
  readonly onMedium: string;
  readonly code: string;
}

/** A.JPG is not gone, and that is said; once the device does what it is told it goes. */
function stays({ name, does, fault, onMedium, code }: Staying): CableScenario {
  return {
    name,
    faults: [fault.name],
    does,
    ends: `a new session lists it still: it is shown as ${code}, the other is absent, not clear; erased again it goes; clear`,
    async run(bench) {
      const { card, dockingId } = await ordered(bench, [{ ...fault, path: A }]);
      await bench.shows(dockingId, { state: 'sealed', onMedium, review: [`not-erased A.JPG ${code}`] });
      assert.deepEqual(await card.names(), [A]);
      await bench.toItsEnd(card);
      return `${code}, then clear`;
    },
  };
}

/** Stores and objects that a device itself protects. */
function protectedOnes(
  name: string,
  does: string,
  storages: readonly RigStorage[],
  protects: { readonly storage?: number; readonly protected?: boolean },
): CableScenario {
  return {
    name,
    faults: [],
    does,
    ends: 'it is refused before anything is asked of the device: kept with erase-refused; the other is erased; not clear',
    async run(bench) {
      const card = await bench.plug([await bench.picture('A.JPG', protects), 'B.JPG'], { storages });
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await bench.erase(dockingId);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'absent 1, kept 1',
        review: ['not-erased A.JPG erase-refused'],
      });
      assert.deepEqual(await card.names(), [A]);
      const deletions = (await card.body.log()).filter((one) => one.operation === DELETE_OBJECT);
      assert.equal(deletions.length, 1);
      return 'kept: erase-refused';
    },
  };
}

/** Devices that do not erase, erase and do not say so, or say what is not so. */
export const erasingScenarios: readonly CableScenario[] = [
  stays({
    name: 'lying-delete',
    does: 'answers OK to the deletion of one picture, and keeps it',
    fault: { name: 'lying-delete' },
    onMedium: 'absent 1, eraseUnverified 1',
    code: 'erase-unverified',
  }),
  stays({
    name: 'returns-after-delete',
    does: 'deletes one picture, and has it again in the next session',
    fault: { name: 'returns-after-delete' },
    onMedium: 'absent 1, eraseUnverified 1',
    code: 'erase-unverified',
  }),
  stays({
    name: 'delete-refused',
    does: 'refuses to delete one picture (200D ObjectWriteProtected)',
    fault: { name: 'delete-refused' },
    onMedium: 'absent 1, kept 1',
    code: 'erase-refused',
  }),
  stays({
    name: 'partial-delete',
    does: 'answers PartialDeletion (2012) to the deletion of one picture, and keeps it',
    fault: { name: 'partial-delete' },
    onMedium: 'absent 1, kept 1',
    code: 'erase-refused',
  }),
  {
    name: 'deletes-and-denies',
    faults: ['other-response'],
    does: 'deletes one picture and answers GeneralError',
    ends: 'its word is taken for nothing: the picture is kept as refused, then missed by the listing, so that the other is not called absent either; erased again both are absent; clear',
    async run(bench) {
      const { card, dockingId } = await ordered(bench, [
        { name: 'other-response', operation: DELETE_OBJECT, path: A, code: 0x2002 },
      ]);
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'kept 1, eraseUnverified 1' });
      assert.deepEqual(await card.names(), []);
      await bench.toItsEnd(card);
      return 'kept: object-missing, then clear';
    },
  },
  {
    name: 'silent-delete',
    faults: ['silence'],
    does: 'never answers the deletion of one picture, and keeps it',
    ends: 'nobody knows what was done: it is looked for and erased anew; clear',
    isLong: true,
    async run(bench) {
      const { card, dockingId } = await ordered(bench, [
        { name: 'silence', operation: DELETE_OBJECT, path: A, times: 1 },
      ]);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 2' });
      await bench.toItsEnd(card);
      return 'clear';
    },
  },
  {
    name: 'deletes-without-a-word',
    faults: ['no-response'],
    does: 'deletes one picture and never says so',
    ends: 'nobody knows what was done: it is looked for, and is gone already; clear',
    isLong: true,
    async run(bench) {
      const { card, dockingId } = await ordered(bench, [
        { name: 'no-response', operation: DELETE_OBJECT, path: A, times: 1 },
      ]);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 2' });
      await bench.toItsEnd(card);
      return 'clear';
    },
  },
  {
    name: 'unlisted-after-erasing',
    faults: ['refuse'],
    does: 'does not list its objects any more once they were to be erased',
    ends: 'a device that cannot be listed proves nothing: erase-unverified, not absent; listed again they are absent; clear',
    async run(bench) {
      const { card, dockingId } = await ordered(bench, [{ name: 'refuse', operation: OBJECT_HANDLES, code: 0x2013 }]);
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'eraseUnverified 2' });
      await bench.toItsEnd(card);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 2' });
      return 'erase-unverified, then clear';
    },
  },
  {
    name: 'other-bytes-before-erasing',
    faults: ['other-bytes'],
    does: 'gives other bytes of one proven picture when it is looked at before it is erased',
    ends: 'it stays, kept with object-changed; the other is erased; once its bytes are right it goes too; clear',
    async run(bench) {
      const { card, dockingId } = await ordered(bench, [{ name: 'other-bytes', path: A, from: 1 }]);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'absent 1, kept 1',
        review: ['not-erased A.JPG object-changed'],
      });
      assert.deepEqual(await card.names(), [A]);
      await bench.toItsEnd(card);
      return 'kept: object-changed, then clear';
    },
  },
  {
    name: 'replaced-before-erasing',
    faults: [],
    does: 'a person deletes a proven picture on the camera, and another of its name, size and time is there',
    ends: 'the old one is gone and something is in its place: erase-unverified; erased again the new one is looked at and kept with object-changed, never erased on the evidence of the old one',
    async run(bench) {
      const time = '20261120T090000';
      const first = await bench.picture('A.JPG', { size: 6000, seed: 'first', time });
      const card = await bench.plug([first, 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.body.remove(A);
      card.blame(A);
      await card.add(await bench.picture('A.JPG', { size: 6000, seed: 'second', time }));
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'sealed', review: ['not-erased A.JPG erase-unverified'] });
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'sealed', review: ['not-erased A.JPG object-changed'] });
      assert.deepEqual(await card.names(), [A]);
      return 'erase-unverified, then kept: object-changed';
    },
  },
  {
    name: 'gone-before-erasing',
    faults: [],
    does: 'a person deletes a proven picture on the camera before it is erased',
    ends: 'there is nothing to erase, and it is looked for like all others; clear',
    async run(bench) {
      const card = await bench.plug(['A.JPG', 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.body.remove(B);
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 2', review: [] });
      return 'clear';
    },
  },
  protectedOnes('protected-object', 'protects one picture (ProtectionStatus 1)', [{}], { protected: true }),
  protectedOnes(
    'read-only-storage',
    'has a second card that is read-only, with one picture on it',
    [{}, { access: 1 }],
    { storage: 1 },
  ),
  {
    name: 'read-only',
    faults: [],
    does: 'has one card, and it is read-only (lock switch)',
    ends: 'everything is read and delivered; erasing is refused with medium-read-only before anything is asked of the device; not clear',
    async run(bench) {
      const card = await bench.plug(['A.JPG'], { storages: [{ access: 1 }] });
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      assert.equal(await bench.station.codeOf('release.start', { dockingId }), 'medium-read-only');
      assert.deepEqual(await card.names(), [A]);
      await bench.shows(dockingId, { state: 'sealed', equation: 'confirmed 1', onMedium: 'present 1' });
      return 'refused: medium-read-only';
    },
  },
  {
    name: 'deletable-only',
    faults: [],
    does: 'has a card that is read-only but lets objects be deleted (AccessCapability 2)',
    ends: 'it is erased like any other; clear',
    async run(bench) {
      const card = await bench.plug(['A.JPG'], { storages: [{ access: 2 }] });
      await bench.read(card);
      await bench.toItsEnd(card);
      return 'clear';
    },
  },
];
