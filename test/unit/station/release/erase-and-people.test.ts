import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Filing } from '../../../../main/station/filing/index.ts';
import { Holds } from '../../../../main/station/holds/index.ts';
import type { Dockings } from '../../../../main/station/intake/index.ts';
import { Release } from '../../../../main/station/release/index.ts';
import type { SealedStore } from '../../../../main/station/store/index.ts';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { createTerminology } from '../../../../main/station/terminology/index.ts';
import { Turn } from '../../../../main/station/turn.ts';
import { Worklist } from '../../../../main/station/worklist/index.ts';
import type { CustodyRows } from '../../../support/custody-rows.ts';
import { custodyRows } from '../../../support/custody-rows.ts';
import { tempFolder } from '../../../support/temp.ts';

// What people say counts until the very moment of the deletion, also when the erasing was ordered long before.

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
let release: Release;
/** Names still on the medium. */
let medium: Map<string, string>;
/** What happens while the object is hashed, and while it is deleted. */
let whileLooking: () => Promise<unknown>;
let whileErasing: () => void;

beforeEach(async () => {
  store = await IndexStore.open(await tempFolder('erase'), new Uint8Array(randomBytes(32)));
  onTestFinished(() => store.close());
  rows = await custodyRows(store);
  await rows.docking('d1');
  const turn = new Turn();
  holds = new Holds(store, turn);
  filing = new Filing(store, new Worklist(store, null, () => undefined), createTerminology(), turn);
  medium = new Map();
  whileLooking = async () => undefined;
  whileErasing = () => undefined;
  const docking = {
    id: 'd1',
    abort: new AbortController(),
    source: {
      medium: { readOnly: false },
      contentOf: async ({ path }: { path: string }) => ({ file: path, root: '/card' }),
      live: null,
      isConnected: async () => true,
      take: async ({ path }: { path: string }) => ({
        content: { file: path, root: '/card' },
        erase: async () => {
          whileErasing();
          medium.delete(path);
        },
        letGo: async () => undefined,
      }),
    },
  };
  release = new Release({
    store,
    sealed: {
      hashFile: async ({ file }: { file: string }) => {
        await whileLooking();
        const sha256 = medium.get(file);
        if (sha256 === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
        return { sha256 };
      },
    } as unknown as SealedStore,
    dockings: {
      find: () => docking,
      openNow: () => ['d1'],
      isOpen: () => true,
      end: async () => undefined,
    } as unknown as Dockings,
    turn,
    policy,
    phonesMayBeErased: 'managed',
    commitmentOffered: true,
    onChange: () => undefined,
    onChecked: async () => undefined,
  });
});

async function rejected(id: string, items: Record<string, string>): Promise<void> {
  await rows.capture(id, { stage: 'rejected', items });
  const all = await store.read.all<{ path: string; sha256: string }>('SELECT path, sha256 FROM item');
  medium = new Map(all.map((row) => [row.path, row.sha256]));
}
/** Runs the erasing step until it finds nothing more. */
async function erase(): Promise<void> {
  const step = release.steps().find(({ name }) => name === 'erase')!;
  for (let ids = await step.find(10); ids.length > 0; ids = await step.find(10)) {
    for (const id of ids) await step.run(id, new AbortController().signal, 1);
  }
}
const because = () =>
  store.read.all<{ id: string; on_medium: string; kept_because: string }>(
    'SELECT id, on_medium, kept_because FROM item',
  );

describe('erasing that was ordered before', () => {
  test('goes on when nobody says anything', async () => {
    await rejected('a', { 'A.JPG': 'jpeg' });
    expect(await release.order('d1', person)).toBe(1);
    await erase();
    expect(medium.size).toBe(0);
  });

  test('stops at a hold that was placed meanwhile', async () => {
    await rejected('a', { 'A.JPG': 'jpeg' });
    await release.order('d1', person);
    await holds.place({ dockingId: 'd1' }, 'a claim', person);
    await erase();
    expect(medium.size).toBe(1);
    expect(await because()).toEqual([{ id: 'a/A.JPG', on_medium: 'kept', kept_because: '["hold"]' }]);
  });

  test.each([
    ['a hold', () => holds.place({ captureIds: ['a'] }, 'a claim', person), 'hold'],
    ['the rejection taken back', () => filing.restore(['a'], person), 'capture-not-confirmed'],
  ])('stops at %s while the object is being looked at', async (_what, act, reason) => {
    await rejected('a', { 'A.JPG': 'jpeg' });
    await release.order('d1', person);
    whileLooking = act;
    await erase();
    expect(medium.size).toBe(1);
    expect((await because())[0]!.kept_because).toContain(reason);
  });

  test('keeps the rest of a group when its first file is already gone', async () => {
    await rejected('a', { 'A.JPG': 'jpeg', 'A.DNG': 'raw' });
    await release.order('d1', person);
    let placed: Promise<unknown> = Promise.resolve();
    whileErasing = () => {
      placed = holds.place({ captureIds: ['a'] }, 'a claim', person);
    };
    await erase();
    await placed;
    expect([...medium.values()]).toEqual(['raw']);
  });

  test('that has begun is over before the hold is said to be placed', async () => {
    await rejected('a', { 'A.JPG': 'jpeg' });
    await release.order('d1', person);
    const order: string[] = [];
    let placed: Promise<unknown> = Promise.resolve();
    whileErasing = () => {
      placed = holds.place({ captureIds: ['a'] }, 'a claim', person).then(async () => {
        const row = await store.read.get<{ unlinked_at: number | null }>('SELECT unlinked_at FROM item');
        order.push(row?.unlinked_at === null ? 'placed before the erasing was recorded' : 'placed after it');
      });
    };
    await erase();
    await placed;
    expect(order).toEqual(['placed after it']);
  });

  test('goes on when the hold is lifted and somebody orders it again', async () => {
    await rejected('a', { 'A.JPG': 'jpeg' });
    await release.order('d1', person);
    const placed = await holds.place({ captureIds: ['a'] }, 'a claim', person);
    await erase();
    expect(await release.order('d1', person)).toBe(0);
    await holds.lift(placed, 'settled', person);
    expect(await release.order('d1', person)).toBe(1);
    await erase();
    expect(medium.size).toBe(0);
  });
});

test('a rejection can be taken back after its file was erased, as long as its bytes are sealed', async () => {
  await rejected('a', { 'A.JPG': 'jpeg' });
  await release.order('d1', person);
  await erase();
  expect((await filing.restore(['a'], person)).restored).toEqual(['a']);
  await filing.reject(['a'], 'blurred', person);
  await store.write((tx) => tx.run("UPDATE item SET shredded_at = 1, sealed_key = NULL WHERE id = 'a/A.JPG'"));
  expect((await filing.restore(['a'], person)).refused).toEqual([{ captureId: 'a', code: 'already-shredded' }]);
});
