import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { appendAudit } from '../../../../main/station/audit/index.ts';
import { Holds } from '../../../../main/station/holds/index.ts';
import { openConnection } from '../../../../main/station/store/driver.ts';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { Turn } from '../../../../main/station/turn.ts';
import { custodyRows } from '../../../support/custody-rows.ts';
import { heldStays } from '../../../support/fault-invariants.ts';
import { tempFolder } from '../../../support/temp.ts';

// The fault bench's own check: would it see that something held was erased?

const person = { personId: 'p', login: 'ann', displayName: 'Ann', role: 'lead' as const };
let store: IndexStore;
let holds: Holds;
let seen: () => Promise<string[]>;

beforeEach(async () => {
  const folder = await tempFolder('held');
  const key = new Uint8Array(randomBytes(32));
  store = await IndexStore.open(folder, key);
  onTestFinished(() => store.close());
  const rows = await custodyRows(store);
  for (const id of ['d1', 'd2']) await rows.docking(id);
  await rows.capture('a', { items: { 'A.JPG': 'same', 'A.DNG': 'raw' } });
  await rows.capture('copy', { docking: 'd2', duplicateOf: 'a', items: { 'B.JPG': 'same' } });
  await rows.capture('other', { docking: 'd2' });
  holds = new Holds(store, new Turn());
  seen = async () => {
    const index = await openConnection(path.join(folder, 'index.db'), key);
    try {
      return await heldStays(index);
    } finally {
      await index.close();
    }
  };
});
const happens = (action: 'erased' | 'shredded', subject: string) =>
  store.write((tx) => appendAudit(tx, { person: null, action, subject }));

test.each([
  ['erased', 'a/A.JPG'],
  ['erased', 'a/A.DNG'],
  ['erased', 'copy/B.JPG'],
  ['shredded', 'a'],
] as const)('%s %s while it is held', async (action, subject) => {
  await happens(action, subject);
  const placed = await holds.place({ captureIds: ['copy'] }, 'a claim', person);
  expect(await seen()).toEqual([]);
  await happens(action, subject);
  expect(await seen()).toHaveLength(1);
  await holds.lift(placed, 'settled', person);
  await happens(action, subject);
  expect(await seen()).toHaveLength(1);
});

test('what is not held may go', async () => {
  await holds.place({ dockingId: 'd1' }, 'a claim', person);
  await happens('erased', 'other/A.JPG');
  expect(await seen()).toEqual([]);
});
