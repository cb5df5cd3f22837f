import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Filing } from '../../../../main/station/filing/index.ts';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { createTerminology } from '../../../../main/station/terminology/index.ts';
import { Worklist } from '../../../../main/station/worklist/index.ts';
import type { WorklistEntry } from '../../../../shared/domain/worklist.ts';
import { tempFolder } from '../../../support/temp.ts';
import { worklistEntry } from '../../../support/worklist-entry.ts';

const terminology = createTerminology();
const HAND = { scheme: 'SCT', code: '33712006' };
const person = { personId: 'p', login: 'ann', displayName: 'Ann', role: 'lead' as const };
let store: IndexStore;
let worklist: Worklist;
let filing: Filing;
let entries: WorklistEntry[];

beforeEach(async () => {
  store = await IndexStore.open(await tempFolder('filing'), new Uint8Array(randomBytes(32)));
  onTestFinished(() => store.close());
  entries = [worklistEntry({ id: 'ONE', name: 'A^A' })];
  worklist = new Worklist(
    store,
    async () => ({ entries, skipped: [] }),
    () => undefined,
  );
  filing = new Filing(store, worklist, terminology);
  await store.write(async (tx) => {
    await tx.run(
      "INSERT INTO person (id, login, display_name, role, created_at) VALUES ('p', 'ann', 'Ann', 'lead', 0)",
    );
    await tx.run(
      "INSERT INTO medium (id, identity, kind, label, first_docked_at) VALUES ('m', 'm', 'card', 'CARD', 0)",
    );
    for (const id of ['d1', 'd2']) {
      await tx.run("INSERT INTO docking (id, medium_id, root, read_only, started_at) VALUES (?, 'm', '/card', 0, 0)", [
        id,
      ]);
    }
  });
});

async function capture(
  id: string,
  of: { docking?: string; kind?: string; display?: string; stage?: string; duplicateOf?: string } = {},
) {
  await store.write((tx) =>
    tx.run(
      "INSERT INTO capture (id, docking_id, stage, kind, primary_item_id, created_at, display, duplicate_of) VALUES (?, ?, ?, ?, 'i', 0, ?, ?)",
      [id, of.docking ?? 'd1', of.stage ?? 'unfiled', of.kind ?? 'photo', of.display ?? 'ok', of.duplicateOf ?? null],
    ),
  );
}
async function entryId(patient = 'ONE'): Promise<string> {
  await worklist.refresh(new AbortController().signal);
  return (await worklist.search('', 50)).find(({ entry }) => entry.patient.id === patient)!.id;
}
async function file(captureIds: string[], change: Partial<Parameters<Filing['file']>[0]> = {}, patient = 'ONE') {
  const order = {
    captureIds,
    worklistItemId: await entryId(patient),
    region: HAND,
    laterality: 'R' as const,
    view: null,
    burnedIn: false,
    recognizable: false,
  };
  return filing.file({ ...order, ...change }, person);
}
const stages = async () =>
  Object.fromEntries(
    (await store.read.all<{ id: string; stage: string }>('SELECT id, stage FROM capture')).map((row) => [
      row.id,
      row.stage,
    ]),
  );
const instances = () =>
  store.read.all<{
    capture_id: string;
    series_instance_uid: string;
    study_instance_uid: string;
    instance_number: number;
  }>('SELECT capture_id, series_instance_uid, study_instance_uid, instance_number FROM instance ORDER BY rowid');

describe('the side', () => {
  const byCode = (code: typeof HAND) => terminology.byCode(code.scheme, code.code)!;
  const unpaired =
    terminology.find('umbilicus', { limit: 1 })[0]?.region ?? terminology.find('lip', { limit: 1 })[0]!.region;

  test('of a paired region has to be said', async () => {
    await capture('a');
    expect(byCode(HAND).paired).toBe(true);
    await expect(file(['a'], { laterality: null })).rejects.toMatchObject({ code: 'laterality-needed' });
    expect(await stages()).toEqual({ a: 'unfiled' });
  });
  test.each(['R', 'L', 'B', 'U'] as const)('%s may be said of a paired region', async (laterality) => {
    await capture('a');
    expect((await file(['a'], { laterality })).filed).toEqual(['a']);
    expect(await store.read.get('SELECT laterality FROM capture')).toEqual({ laterality });
  });
  test('may not be said of a region that has none, which gets "unpaired" by itself', async () => {
    expect(unpaired.paired).toBe(false);
    await capture('a');
    await expect(file(['a'], { region: unpaired, laterality: 'R' })).rejects.toMatchObject({
      code: 'laterality-not-allowed',
    });
    await file(['a'], { region: unpaired, laterality: null });
    expect(await store.read.get('SELECT laterality FROM capture')).toEqual({ laterality: 'U' });
  });
});

test.each([
  ['unknown-region', { region: { scheme: 'SCT', code: '1' } }],
  ['unknown-region', { region: { scheme: 'XXX', code: '33712006' } }],
  ['no-such-worklist-item', { worklistItemId: 'nothing' }],
])('an order that cannot be followed is refused as a whole: %s', async (code, change) => {
  await capture('a');
  await expect(file(['a'], change)).rejects.toMatchObject({ code });
  expect(await stages()).toEqual({ a: 'unfiled' });
});

test('a worklist entry that lacks something is not filed to, and the error names fields, not values', async () => {
  entries = [worklistEntry({ id: 'DOE-4711', name: 'Doe^Jane', incomplete: ['studyInstanceUid'] })];
  await capture('a');
  const error = await file(['a'], {}, 'DOE-4711').catch((one: unknown) => one as Error);
  expect(error).toMatchObject({ code: 'worklist-incomplete' });
  expect((error as Error).message).toContain('studyInstanceUid');
  expect((error as Error).message).not.toMatch(/4711|Jane/);
});

test('each capture that cannot be filed is named with why, the others are filed', async () => {
  await capture('good');
  await capture('filed', { stage: 'filed' });
  await capture('rejected', { stage: 'rejected' });
  await capture('video', { kind: 'video' });
  await capture('other', { kind: 'other' });
  await capture('broken', { display: 'cannot' });
  const result = await file(['good', 'filed', 'rejected', 'video', 'other', 'broken', 'nothing', 'good']);
  expect(result.filed).toEqual(['good']);
  expect(Object.fromEntries(result.refused.map((one) => [one.captureId, one.code]))).toEqual({
    filed: 'not-unfiled',
    rejected: 'not-unfiled',
    video: 'not-deliverable',
    other: 'not-deliverable',
    broken: 'cannot-be-displayed',
    nothing: 'no-such-capture',
  });
});

test('one Study per worklist entry, one Series per docking and entry, numbers without gaps', async () => {
  entries = [
    worklistEntry({ id: 'ONE', name: 'A^A', study: '2.25.1' }),
    worklistEntry({ id: 'TWO', name: 'B^B', study: '2.25.2' }),
  ];
  for (const id of ['a', 'b', 'c']) await capture(id);
  await capture('x', { docking: 'd2' });
  await file(['a', 'b']);
  await file(['c'], {}, 'TWO');
  await file(['x']);
  const rows = await instances();
  const of = (id: string) => rows.find((row) => row.capture_id === id)!;
  expect(rows.map((row) => [row.capture_id, row.study_instance_uid, row.instance_number])).toEqual([
    ['a', '2.25.1', 1],
    ['b', '2.25.1', 2],
    ['c', '2.25.2', 1],
    ['x', '2.25.1', 1],
  ]);
  expect(of('a').series_instance_uid).toBe(of('b').series_instance_uid);
  expect(new Set(rows.map((row) => row.series_instance_uid)).size).toBe(3);
  const series = await store.read.all<{ number: number }>(
    "SELECT number FROM series WHERE study_instance_uid = '2.25.1' ORDER BY number",
  );
  expect(series.map((row) => row.number)).toEqual([1, 2]);
});

describe('a content-identical capture', () => {
  beforeEach(async () => {
    await capture('original');
    await capture('copy', { docking: 'd2', duplicateOf: 'original' });
  });
  test('that is filed files its original, once, and follows it', async () => {
    expect((await file(['copy', 'original'])).filed).toEqual(['copy', 'original']);
    expect(await stages()).toEqual({ original: 'filed', copy: 'filed' });
    expect((await instances()).map((row) => row.capture_id)).toEqual(['original']);
  });
  test('is rejected and restored with it', async () => {
    expect(await filing.reject(['copy'], 'test-shot', person)).toEqual({ rejected: ['copy'], refused: [] });
    expect(await stages()).toEqual({ original: 'rejected', copy: 'rejected' });
    expect(await filing.restore(['original'], person)).toEqual({ restored: ['original'], refused: [] });
    expect(await stages()).toEqual({ original: 'unfiled', copy: 'unfiled' });
    expect(await store.read.all('SELECT id FROM capture WHERE rejected_reason IS NOT NULL')).toEqual([]);
  });
});

test('what is filed, held or unknown cannot be rejected; what is not rejected cannot be restored', async () => {
  await capture('filed', { stage: 'filed' });
  await capture('held');
  await store.write((tx) =>
    tx.run("INSERT INTO hold (id, capture_id, reason, placed_at, placed_by) VALUES ('h', 'held', 'a claim', 0, 'p')"),
  );
  expect(
    (await filing.reject(['filed', 'held', 'nothing'], 'test-shot', person)).refused.map((one) => one.code),
  ).toEqual(['not-unfiled', 'hold', 'no-such-capture']);
  expect((await filing.restore(['held', 'nothing'], person)).refused.map((one) => one.code)).toEqual([
    'not-rejected',
    'no-such-capture',
  ]);
});
