import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Destination } from '../../../../main/station/archive/index.ts';
import { listAudit } from '../../../../main/station/audit/index.ts';
import { Filing } from '../../../../main/station/filing/index.ts';
import { Holds } from '../../../../main/station/holds/index.ts';
import { removeShredded, shredStep, StationDays } from '../../../../main/station/retention/index.ts';
import { IndexStore, SealedStore } from '../../../../main/station/store/index.ts';
import { createTerminology } from '../../../../main/station/terminology/index.ts';
import { Turn } from '../../../../main/station/turn.ts';
import { Worklist } from '../../../../main/station/worklist/index.ts';
import type { CaptureRowOptions, CustodyRows } from '../../../support/custody-rows.ts';
import { custodyRows } from '../../../support/custody-rows.ts';
import { tempFolder } from '../../../support/temp.ts';

const person = { personId: 'p', login: 'ann', displayName: 'Ann', role: 'lead' as const };
const DAYS = 30;
const DAY_MS = 86_400_000;
const PIXELS = Buffer.from('the pixel stream');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
let folder: string;
let store: IndexStore;
let sealed: SealedStore;
let rows: CustodyRows;
let holds: Holds;
/** What the archive answers when it is read back: the stream, null (it does not hold it), or an error. */
let archive: () => Promise<Uint8Array | null>;

beforeEach(async () => {
  folder = await tempFolder('retention');
  store = await IndexStore.open(folder, new Uint8Array(randomBytes(32)));
  sealed = new SealedStore(folder, 1);
  onTestFinished(async () => {
    await sealed.close();
    await store.close();
  });
  rows = await custodyRows(store);
  holds = new Holds(store, new Turn());
  archive = async () => PIXELS;
  for (const id of ['d1', 'd2']) await rows.docking(id, { ended: true });
});

/** A capture with really sealed items; when confirmed, with its sealed object, which the archive has proven to hold. */
async function capture(id: string, options: CaptureRowOptions & { derivation?: string } = {}): Promise<void> {
  const contents = options.items ?? { 'A.JPG': `content of ${id}` };
  const items = Object.fromEntries(Object.entries(contents).map(([name, text]) => [name, sha256(Buffer.from(text))]));
  await rows.capture(id, { onMedium: 'absent', stage: 'confirmed', ...options, items });
  for (const [name, text] of Object.entries(contents)) {
    const ref = sealed.plan(`${id}/${name}`);
    await sealed.sealBytes(ref, Buffer.from(text));
    await store.write(async (tx) => {
      await tx.run('UPDATE item SET sealed_name = ?, sealed_key = ? WHERE id = ?', [ref.name, ref.key, ref.id]);
      await tx.run("INSERT INTO thumbnail (item_id, media_type, bytes) VALUES (?, 'image/jpeg', x'ff')", [ref.id]);
    });
  }
  if ((options.stage ?? 'confirmed') !== 'confirmed' || options.duplicateOf) return;
  const ref = sealed.plan(`n-${id}`);
  await sealed.sealBytes(ref, PIXELS);
  await store.write((tx) =>
    tx.run(
      `INSERT INTO instance (id, capture_id, sop_instance_uid, sop_class_uid, study_instance_uid, series_instance_uid, instance_number,
         state, transfer_syntax_uid, derivation, object_sha256, pixel_sha256, pixel_length, sealed_name, sealed_key, created_at, state_at)
       VALUES (?, ?, ?, '1.2', '1.3', '1.4', 1, 'confirmed', '1.5', ?, ?, ?, ?, ?, ?, 0, 0)`,
      [
        ref.id,
        id,
        `2.25.${id}`,
        options.derivation ?? null,
        sha256(PIXELS),
        sha256(PIXELS),
        PIXELS.length,
        ref.name,
        ref.key,
      ],
    ),
  );
}

/** The station runs on so many days, a while on each. */
let today = Date.UTC(2026, 0, 1, 12);
let elapsed = 0;
const days = () => new StationDays(store, { now: () => today, elapsed: () => elapsed });
async function live(count: number): Promise<void> {
  const station = days();
  await station.observe();
  for (let day = 0; day < count; day += 1) {
    today += DAY_MS;
    elapsed += DAY_MS;
    await station.observe();
  }
}
const noPolicy = { retentionDays: DAYS, originalsMayBeShredded: false, rejectedMayBeShredded: false };
function step(policy = noPolicy, offered = true) {
  const destination = {
    name: 'VNA',
    commitmentOffered: offered,
    readBack: () => archive(),
  } as unknown as Destination;
  return shredStep({ store, sealed, destination, policy, onChange: () => undefined });
}
/** Runs the step until it finds nothing more; answers what it did. */
async function shred(policy = noPolicy): Promise<string[]> {
  const shredding = step(policy);
  const done: string[] = [];
  for (let ids = await shredding.find(10); ids.length > 0; ids = await shredding.find(10)) {
    expect(done.length).toBeLessThan(20);
    for (const id of ids) {
      await shredding.run(id, new AbortController().signal, 1);
      done.push(id);
    }
  }
  return done;
}
const keyed = async () =>
  (await store.read.all<{ id: string }>('SELECT id FROM item WHERE sealed_key IS NOT NULL ORDER BY id')).map(
    ({ id }) => id,
  );
const sealedFiles = async () =>
  (await fs.readdir(path.join(folder, 'sealed'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
const stageOf = async (id: string) =>
  (await store.read.get<{ stage: string; state: string; last_code: string | null }>(
    'SELECT c.stage, n.state, n.last_code FROM capture c LEFT JOIN instance n ON n.capture_id = c.id WHERE c.id = ?',
    [id],
  ))!;

describe('a confirmed capture', () => {
  test('leaves the quarantine after its days: no key, no file, no thumbnail; evidence and hashes stay', async () => {
    await capture('a');
    await live(DAYS);
    expect(await shred()).toEqual(['a']);
    expect(await keyed()).toEqual([]);
    expect(await sealedFiles()).toEqual([]);
    expect(await store.read.all('SELECT 1 FROM thumbnail')).toEqual([]);
    expect(await store.read.all('SELECT sealed_name, sealed_key FROM instance')).toEqual([
      { sealed_name: null, sealed_key: null },
    ]);
    expect(await store.read.get('SELECT stage, sha256, shredded_at > 0 AS shredded FROM item')).toEqual({
      stage: 'proven',
      sha256: sha256(Buffer.from('content of a')),
      shredded: 1,
    });
    const evidence = await store.read.all<{ kind: string; ok: number }>('SELECT kind, ok FROM evidence ORDER BY id');
    expect(evidence).toEqual([
      { kind: 'read-back', ok: 1 },
      { kind: 'shredded', ok: 1 },
    ]);
    expect(
      (await listAudit(store.read, undefined, 5)).map(({ action, subject, facts }) => [action, subject, facts]),
    ).toEqual([['shredded', 'a', { items: 1, kept: 0, ground: 'confirmed', days: DAYS }]]);
  });

  test('a copy of its sealed file that somebody kept opens with nothing that the station still has', async () => {
    await capture('a');
    const [name] = await sealedFiles();
    const file = path.join(folder, 'sealed', name!.slice(0, 2), name!.slice(2, 4), name!);
    const kept = await fs.readFile(file);
    await live(DAYS);
    await shred();
    await fs.writeFile(file, kept);
    for (const table of ['item', 'instance']) {
      const keys = await store.read.all<{ id: string; sealed_key: Uint8Array | null }>(
        `SELECT id, sealed_key FROM ${table}`,
      );
      expect(keys.every(({ sealed_key }) => sealed_key === null)).toBe(true);
    }
    // The log of the index would still hold the pages with the keys: it is empty.
    expect((await fs.stat(path.join(folder, 'index.db-wal'))).size).toBe(0);
  });

  test('stays until the last of its days', async () => {
    await capture('a');
    await live(DAYS - 1);
    expect(await shred()).toEqual([]);
    await live(1);
    expect(await shred()).toEqual(['a']);
  });

  test.each([
    ['is still docked', () => store.write((tx) => tx.run('UPDATE docking SET ended_at = NULL; '))],
    ['is being erased', () => store.write((tx) => tx.run("UPDATE item SET on_medium = 'erasing'"))],
    [
      'was erased and not checked absent',
      () => store.write((tx) => tx.run("UPDATE item SET on_medium = 'erase-unverified'")),
    ],
  ])('stays while it %s', async (_what, make) => {
    await capture('a', { onMedium: 'present' });
    await live(DAYS);
    await make();
    expect(await shred()).toEqual([]);
    await store.write((tx) => tx.run("UPDATE item SET on_medium = 'absent'"));
    expect(await shred()).toEqual(['a']);
  });

  test('waits for its copies, and they leave together', async () => {
    await capture('a', { items: { 'A.JPG': 'same' } });
    await live(DAYS - 5);
    await capture('copy', { docking: 'd2', duplicateOf: 'a', items: { 'B.JPG': 'same' } });
    await live(DAYS - 1);
    expect(await shred()).toEqual([]);
    await live(1);
    expect(await shred()).toEqual(['a']);
    expect(await keyed()).toEqual([]);
    // Docked a third time, long after: it is sealed again, and leaves again after its own days.
    await capture('late', { docking: 'd2', duplicateOf: 'a', items: { 'C.JPG': 'same' } });
    await live(DAYS);
    expect(await shred()).toEqual(['a']);
    expect(await sealedFiles()).toEqual([]);
  });
});

describe('what the archive does not hold bit for bit', () => {
  test.each([
    ['a RAW beside its picture', { kind: 'raw+jpeg', items: { 'A.JPG': 'jpeg', 'A.DNG': 'raw' } }, ['a/A.DNG']],
    ['a sidecar', { items: { 'A.JPG': 'jpeg', 'A.AAE': 'edits' } }, ['a/A.AAE']],
    [
      'a HEIC that was converted',
      { kind: 'heic', items: { 'A.HEIC': 'heic' }, derivation: 'heic-to-jpeg' },
      ['a/A.HEIC'],
    ],
  ])('%s stays sealed, unless policy says otherwise', async (_what, options, stays) => {
    await capture('a', options);
    await live(DAYS);
    expect(await shred()).toEqual(['a']);
    expect(await keyed()).toEqual(stays);
    expect(await sealedFiles()).toHaveLength(stays.length);
    expect(await shred()).toEqual([]);
    expect(await shred({ ...noPolicy, originalsMayBeShredded: true })).toEqual(['a']);
    expect(await keyed()).toEqual([]);
  });

  test('a rejected picture stays sealed, unless policy says otherwise; then it cannot be brought back', async () => {
    await capture('a', { stage: 'rejected' });
    await live(2 * DAYS);
    expect(await shred()).toEqual([]);
    expect(await shred({ ...noPolicy, rejectedMayBeShredded: true })).toEqual(['a']);
    expect(await keyed()).toEqual([]);
    const worklist = new Worklist(store, null, () => undefined);
    const filing = new Filing(store, worklist, createTerminology());
    expect((await filing.restore(['a'], person)).refused).toEqual([{ captureId: 'a', code: 'already-shredded' }]);
  });

  test('what was never read a second time stays sealed', async () => {
    await capture('a');
    await store.write((tx) => tx.run("UPDATE item SET stage = 'sealed'"));
    await live(DAYS);
    await shred({ ...noPolicy, originalsMayBeShredded: true });
    expect(await keyed()).toEqual(['a/A.JPG']);
  });

  test('what nobody has filed stays', async () => {
    await capture('a', { stage: 'unfiled' });
    await live(10 * DAYS);
    expect(await shred({ retentionDays: 1, originalsMayBeShredded: true, rejectedMayBeShredded: true })).toEqual([]);
  });
});

describe('a hold', () => {
  test.each([
    ['on the capture', () => holds.place({ captureIds: ['a'] }, 'a claim', person)],
    ['on its docking', () => holds.place({ dockingId: 'd1' }, 'a claim', person)],
    ['on its copy', () => holds.place({ captureIds: ['copy'] }, 'a claim', person)],
  ])('%s keeps the sealed bytes until it is lifted', async (_what, place) => {
    await capture('a', { items: { 'A.JPG': 'same' } });
    await capture('copy', { docking: 'd2', duplicateOf: 'a', items: { 'B.JPG': 'same' } });
    const placed = await place();
    await live(3 * DAYS);
    expect(await shred()).toEqual([]);
    await holds.lift(placed, 'settled', person);
    expect(await shred()).toEqual(['a']);
  });

  test('that is placed while the archive is being asked still keeps them', async () => {
    await capture('a');
    await live(DAYS);
    archive = async () => {
      await holds.place({ captureIds: ['a'] }, 'a claim', person);
      return PIXELS;
    };
    await shred();
    expect(await keyed()).toEqual(['a/A.JPG']);
  });
});

describe('an archive that had proven it', () => {
  test('and lost it gets it again: nothing is shredded', async () => {
    await capture('a');
    await live(DAYS);
    archive = async () => null;
    await shred();
    expect(await keyed()).toEqual(['a/A.JPG']);
    expect(await stageOf('a')).toEqual({ stage: 'filed', state: 'built', last_code: 'archive-lost-it' });
    expect(await store.read.all("SELECT ok FROM evidence WHERE kind = 'read-back'")).toEqual([{ ok: 0 }]);
    expect((await listAudit(store.read, undefined, 1))[0]).toMatchObject({ action: 'archive-lost-it' });
    expect(await shred()).toEqual([]);
  });

  test('and has other pixels now keeps the station from shredding, and the lead sees it', async () => {
    await capture('a');
    await live(DAYS);
    archive = async () => Buffer.from('other pixels');
    await shred();
    expect(await keyed()).toEqual(['a/A.JPG']);
    expect(await stageOf('a')).toEqual({ stage: 'delivered', state: 'committed', last_code: 'read-back-differs' });
  });

  test('and cannot be asked shreds nothing', async () => {
    await capture('a');
    await live(DAYS);
    archive = async () => {
      throw Object.assign(new Error('away'), { code: 'peer-unreachable' });
    };
    await expect(shred()).rejects.toThrow('away');
    expect(await keyed()).toEqual(['a/A.JPG']);
    expect((await stageOf('a')).stage).toBe('confirmed');
  });

  test('and lost it after the object was shredded is asked again, and a copy that came back stays sealed', async () => {
    await capture('a', { items: { 'A.JPG': 'same' } });
    await live(DAYS);
    await shred();
    await capture('late', { docking: 'd2', duplicateOf: 'a', items: { 'C.JPG': 'same' } });
    await live(DAYS);
    archive = async () => null;
    await shred();
    expect(await keyed()).toEqual(['late/C.JPG']);
    expect(await stageOf('a')).toEqual({ stage: 'delivered', state: 'committed', last_code: 'archive-lost-it' });
  });
});

describe('a clock', () => {
  test('that leaps forward by years ages nothing', async () => {
    await capture('a');
    await live(3);
    today += 5 * 365 * DAY_MS;
    elapsed += DAY_MS;
    await days().observe();
    expect(await shred()).toEqual([]);
  });

  test('that runs through many days within minutes ages nothing', async () => {
    await capture('a');
    const station = days();
    await station.observe();
    for (let day = 0; day < 3 * DAYS; day += 1) {
      today += DAY_MS;
      elapsed += 5000;
      await station.observe();
    }
    expect(await shred()).toEqual([]);
  });

  test('that swings between two days counts each of them once', async () => {
    await capture('a');
    const station = days();
    for (let turn = 0; turn < 3 * DAYS; turn += 1) {
      today += turn % 2 === 0 ? DAY_MS : -DAY_MS;
      elapsed += DAY_MS;
      await station.observe();
    }
    expect(await shred()).toEqual([]);
  });

  test('that was years behind when the archive proved it does not make it old at once', async () => {
    await live(DAYS);
    today -= 10 * 365 * DAY_MS;
    await capture('a');
    await days().observe();
    today += 10 * 365 * DAY_MS;
    await live(2);
    expect(await shred()).toEqual([]);
  });
});

describe('a kill', () => {
  test('after the keys are gone leaves files that nobody can open; the next start removes them', async () => {
    await capture('a');
    await live(DAYS);
    await store.write(async (tx) => {
      await tx.run('UPDATE item SET sealed_key = NULL, shredded_at = 1');
      await tx.run('UPDATE instance SET sealed_key = NULL');
    });
    expect(await sealedFiles()).toHaveLength(2);
    await removeShredded(store, sealed);
    expect(await sealedFiles()).toEqual([]);
    expect(await store.read.all('SELECT sealed_name FROM item WHERE sealed_name IS NOT NULL')).toEqual([]);
    await removeShredded(store, sealed);
  });

  test('before the keys are gone leaves everything', async () => {
    await capture('a');
    await live(DAYS);
    archive = () => Promise.reject(new Error('killed'));
    await expect(shred()).rejects.toThrow('killed');
    const item = (await store.read.get<{ id: string; sealed_name: string; sealed_key: Uint8Array }>(
      'SELECT * FROM item',
    ))!;
    const { bytes } = await sealed.unseal({ id: item.id, name: item.sealed_name, key: item.sealed_key });
    expect(Buffer.from(bytes).toString()).toBe('content of a');
    expect(existsSync(path.join(folder, 'index.db'))).toBe(true);
  });
});
