import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { listAudit } from '../../../../main/station/audit/index.ts';
import { Filing } from '../../../../main/station/filing/index.ts';
import { Holds } from '../../../../main/station/holds/index.ts';
import { judgeAll, readCustody } from '../../../../main/station/release/custody.ts';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { createTerminology } from '../../../../main/station/terminology/index.ts';
import { Turn } from '../../../../main/station/turn.ts';
import { Worklist } from '../../../../main/station/worklist/index.ts';
import type { CustodyRows } from '../../../support/custody-rows.ts';
import { custodyRows } from '../../../support/custody-rows.ts';
import { tempFolder } from '../../../support/temp.ts';

const person = { personId: 'p', login: 'ann', displayName: 'Ann', role: 'lead' as const };
const policy = {
  heicMayLeave: true,
  rawMayLeave: true,
  motionMayLeave: true,
  derivedMayLeave: true,
  rejectedMayLeave: true,
};
let store: IndexStore;
let rows: CustodyRows;
let holds: Holds;
let filing: Filing;

beforeEach(async () => {
  store = await IndexStore.open(await tempFolder('holds'), new Uint8Array(randomBytes(32)));
  onTestFinished(() => store.close());
  rows = await custodyRows(store);
  const turn = new Turn();
  holds = new Holds(store, turn);
  const worklist = new Worklist(store, null, () => undefined);
  filing = new Filing(store, worklist, createTerminology(), turn);
  for (const id of ['d1', 'd2', 'd3']) await rows.docking(id);
});

/** Items that the gate lets go: everything here is rejected, so that a hold alone can keep it. */
async function leaves(): Promise<string[]> {
  const judged = [];
  for (const docking of ['d1', 'd2', 'd3'])
    judged.push(...judgeAll(await readCustody(store.read, docking), policy, true));
  return judged.filter(({ verdict }) => verdict.ok).map(({ row }) => row.id);
}
const because = async (docking: string, item: string) => {
  const { verdict } = judgeAll(await readCustody(store.read, docking), policy, true).find(
    ({ row }) => row.id === item,
  )!;
  return verdict.ok ? [] : verdict.because;
};

describe('a hold', () => {
  test('on a capture keeps it and nothing else, until it is lifted', async () => {
    await rows.capture('a', { stage: 'rejected' });
    await rows.capture('b', { stage: 'rejected' });
    const [hold] = await holds.place({ captureIds: ['a'] }, 'a claim', person);
    expect(await leaves()).toEqual(['b/A.JPG']);
    expect(await because('d1', 'a/A.JPG')).toEqual(['hold']);
    await holds.lift([hold!], 'settled', person);
    expect(await leaves()).toEqual(['a/A.JPG', 'b/A.JPG']);
  });

  test('on a docking keeps everything of it, also a capture that appears later', async () => {
    await rows.capture('a', { stage: 'rejected' });
    await rows.capture('elsewhere', { stage: 'rejected', docking: 'd2' });
    await holds.place({ dockingId: 'd1' }, 'a claim', person);
    await rows.capture('later', { stage: 'rejected' });
    expect(await leaves()).toEqual(['elsewhere/A.JPG']);
    expect(await because('d1', 'later/A.JPG')).toEqual(['hold']);
  });

  test('keeps the whole group of its capture', async () => {
    await rows.capture('a', { stage: 'rejected', kind: 'raw+jpeg', items: { 'A.JPG': 'jpeg', 'A.DNG': 'raw' } });
    await holds.place({ captureIds: ['a'] }, 'a claim', person);
    expect(await leaves()).toEqual([]);
  });

  test('keeps equal bytes on every other medium, and what belongs to them', async () => {
    await rows.capture('a', { stage: 'rejected', items: { 'A.JPG': 'same' } });
    await rows.capture('copy', { stage: 'rejected', docking: 'd2', duplicateOf: 'a', items: { 'B.JPG': 'same' } });
    await rows.capture('richer', { stage: 'rejected', docking: 'd3', items: { 'C.JPG': 'same', 'C.DNG': 'more' } });
    await holds.place({ captureIds: ['a'] }, 'a claim', person);
    expect(await leaves()).toEqual([]);
  });

  test('on a copy keeps the original, and on a part of a group the whole of it', async () => {
    await rows.capture('a', { stage: 'rejected', items: { 'A.JPG': 'same', 'A.DNG': 'raw' } });
    await rows.capture('copy', { stage: 'rejected', docking: 'd2', duplicateOf: 'a', items: { 'B.JPG': 'same' } });
    await holds.place({ captureIds: ['copy'] }, 'a claim', person);
    expect(await leaves()).toEqual([]);
  });

  test('stops as long as one of several stands', async () => {
    await rows.capture('a', { stage: 'rejected' });
    const [first] = await holds.place({ captureIds: ['a'] }, 'one claim', person);
    await holds.place({ dockingId: 'd1' }, 'another claim', person);
    await holds.lift([first!], 'settled', person);
    expect(await leaves()).toEqual([]);
  });

  test.each([
    ['itself', 'a', 'a'],
    ['its copy', 'copy', 'a'],
    ['its original', 'a', 'copy'],
  ])('stops the rejection of a capture when it lies on %s', async (_what, held, asked) => {
    await rows.capture('a', { items: { 'A.JPG': 'same' } });
    await rows.capture('copy', { docking: 'd2', duplicateOf: 'a', items: { 'B.JPG': 'same' } });
    await holds.place({ captureIds: [held] }, 'a claim', person);
    expect(await filing.reject([asked], 'blurred', person)).toEqual({
      rejected: [],
      refused: [{ captureId: asked, code: 'hold' }],
    });
  });

  test('on a docking stops the rejection of its captures', async () => {
    await rows.capture('a');
    await holds.place({ dockingId: 'd1' }, 'a claim', person);
    expect((await filing.reject(['a'], 'blurred', person)).refused).toEqual([{ captureId: 'a', code: 'hold' }]);
  });
});

test('who held what, why and when, and who lifted it, stays on record', async () => {
  await rows.capture('a');
  const [hold] = await holds.place({ captureIds: ['a'] }, 'claim of Jane Doe', person);
  expect(await holds.list(false)).toMatchObject([
    {
      id: hold,
      dockingId: 'd1',
      captureId: 'a',
      name: 'A.JPG',
      mediumLabel: 'CARD',
      items: 1,
      placedBy: 'Ann',
      reason: 'claim of Jane Doe',
      lifted: null,
    },
  ]);
  expect(await holds.ofCapture('a')).toHaveLength(1);
  await holds.lift([hold!], 'settled', person);
  expect(await holds.list(false)).toEqual([]);
  expect(await holds.list(true)).toMatchObject([{ id: hold, lifted: { by: 'Ann', reason: 'settled' } }]);
});

test('the audit trail tells of holds without what people wrote', async () => {
  await rows.capture('a');
  const [hold] = await holds.place({ captureIds: ['a'] }, 'claim of Jane Doe', person);
  await holds.lift([hold!], 'settled with Jane Doe', person);
  const lines = await listAudit(store.read, undefined, 10);
  expect(lines.map(({ action, subject, person: who }) => [action, subject, who])).toEqual([
    ['hold-lifted', 'a', 'p'],
    ['hold-placed', 'a', 'p'],
  ]);
  expect(JSON.stringify(lines)).not.toContain('Jane');
});

test('of what does not exist nothing is held, and nothing half', async () => {
  await rows.capture('a');
  await expect(holds.place({ captureIds: ['a', 'nothing'] }, 'a claim', person)).rejects.toMatchObject({
    code: 'no-such-capture',
  });
  await expect(holds.place({ dockingId: 'nothing' }, 'a claim', person)).rejects.toMatchObject({
    code: 'no-such-docking',
  });
  await expect(holds.lift(['nothing'], 'a claim', person)).rejects.toMatchObject({ code: 'no-such-hold' });
  expect(await holds.list(true)).toEqual([]);
});

test('lifting twice keeps the first word', async () => {
  await rows.capture('a');
  const [hold] = await holds.place({ captureIds: ['a'] }, 'a claim', person);
  await holds.lift([hold!], 'first', person);
  await holds.lift([hold!], 'second', person);
  expect((await holds.list(true))[0]!.lifted!.reason).toBe('first');
});
