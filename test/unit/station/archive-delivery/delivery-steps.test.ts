import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { nextAttemptAt } from '../../../../main/station/archive/backoff.ts';
import { PhotodockError } from '../../../../shared/domain/errors.ts';
import { deliverySteps, recordCommitment } from '../../../../main/station/archive/delivery-steps.ts';
import type {
  CommitmentOutcome,
  Destination,
  Reference,
  StoreAnswer,
} from '../../../../main/station/archive/destination.ts';
import type { Step } from '../../../../main/station/scheduler.ts';
import { IndexStore, SealedStore } from '../../../../main/station/store/index.ts';
import { tempFolder } from '../../../support/temp.ts';

const CLASS = '1.2.840.10008.5.1.4.1.1.77.1.4';
const PIXELS = Buffer.from('the pixel stream');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const never = new AbortController().signal;

/** An archive that answers what the test tells it to. */
class ScriptedDestination implements Destination {
  readonly name = 'scripted';
  readonly kind = 'dimse';
  commitmentOffered = true;
  readonly commitmentTimeoutMs = 60_000;
  readonly concurrency = 2;
  storeAnswer: StoreAnswer | Error = { outcome: 'stored', code: 0 };
  onRequest: (transactionUid: string, references: readonly Reference[]) => Promise<void> = async () => undefined;
  pixels: Uint8Array | null | Error = PIXELS;
  readonly stored: { uid: string; sha256: string }[] = [];
  readonly requests: { transactionUid: string; references: readonly Reference[] }[] = [];

  async store(instance: Parameters<Destination['store']>[0]) {
    this.stored.push({ uid: instance.sopInstanceUid, sha256: sha256(instance.bytes) });
    if (this.storeAnswer instanceof Error) throw this.storeAnswer;
    return this.storeAnswer;
  }
  async requestCommitment(transactionUid: string, references: readonly Reference[]) {
    this.requests.push({ transactionUid, references });
    await this.onRequest(transactionUid, references);
  }
  mostReadBack = Number.POSITIVE_INFINITY;
  async readBack(_instance: unknown, maximumBytes: number) {
    this.mostReadBack = maximumBytes;
    if (this.pixels instanceof Error) throw this.pixels;
    return this.pixels;
  }
  async check() {}
  async close() {}
}

let store: IndexStore;
let sealed: SealedStore;
let destination: ScriptedDestination;
let steps: Record<'store' | 'commit' | 'read-back', Step>;
let number = 0;
let troubles = 0;

beforeEach(async () => {
  const folder = await tempFolder('delivery');
  store = await IndexStore.open(folder, new Uint8Array(randomBytes(32)));
  sealed = new SealedStore(folder, 1);
  onTestFinished(async () => {
    await sealed.close();
    await store.close();
  });
  destination = new ScriptedDestination();
  useDestination();
  await store.write(async (tx) => {
    await tx.run(
      "INSERT INTO medium (id, identity, kind, label, first_docked_at) VALUES ('m', 'm', 'card', 'CARD', 0)",
    );
    await tx.run("INSERT INTO docking (id, medium_id, root, read_only, started_at) VALUES ('d', 'm', '/card', 0, 0)");
  });
});

function useDestination() {
  troubles = 0;
  const onTrouble = () => void (troubles += 1);
  const made = deliverySteps({ store, sealed, destination, onChange: () => undefined, onTrouble });
  steps = Object.fromEntries(made.map((step) => [step.name, step])) as typeof steps;
}

/** A filed capture whose object is built. */
async function builtInstance(): Promise<{ id: string; captureId: string; uid: string }> {
  number += 1;
  const [id, captureId, uid] = [randomUUID(), randomUUID(), `2.25.${number}`];
  const ref = sealed.plan(id);
  const bytes = randomBytes(1000);
  await sealed.sealBytes(ref, new Uint8Array(bytes));
  await store.write(async (tx) => {
    await tx.run(
      "INSERT INTO capture (id, docking_id, stage, kind, primary_item_id, created_at, display) VALUES (?, 'd', 'filed', 'photo', 'x', 0, 'ok')",
      [captureId],
    );
    await tx.run(
      `INSERT INTO instance (id, capture_id, sop_instance_uid, sop_class_uid, study_instance_uid, series_instance_uid, instance_number,
         state, transfer_syntax_uid, object_sha256, pixel_sha256, pixel_length, sealed_name, sealed_key, created_at, state_at)
       VALUES (?, ?, ?, ?, '2.25.1', '2.25.2', 1, 'built', '1.2.840.10008.1.2.4.50', ?, ?, ?, ?, ?, 0, ?)`,
      [id, captureId, uid, CLASS, sha256(bytes), sha256(PIXELS), PIXELS.length, ref.name, ref.key, number],
    );
  });
  return { id, captureId, uid };
}

interface State {
  state: string;
  last_code: string | null;
  attempts: number;
  next_attempt_at: number;
  stage: string;
}
const stateOf = async (id: string) =>
  (await store.read.get<State>(
    'SELECT i.state, i.last_code, i.attempts, i.next_attempt_at, c.stage FROM instance i JOIN capture c ON c.id = i.capture_id WHERE i.id = ?',
    [id],
  ))!;
const evidenceOf = async (captureId: string) =>
  (
    await store.read.all<{ kind: string; ok: number }>(
      'SELECT kind, ok FROM evidence WHERE capture_id = ? ORDER BY id',
      [captureId],
    )
  ).map((row) => `${row.kind} ${row.ok === 1 ? 'yes' : 'no'}`);
const dueNow = () => store.write((tx) => tx.run('UPDATE instance SET next_attempt_at = 0'));
const runAll = async (name: keyof typeof steps) => {
  for (const id of await steps[name].find(100)) await steps[name].run(id, never, 1);
};
const yes = (transactionUid: string, references: readonly Reference[]): CommitmentOutcome => ({
  transactionUid,
  committed: references,
  failed: [],
});
const says = (answer: (transactionUid: string, references: readonly Reference[]) => CommitmentOutcome) => {
  destination.onRequest = (transactionUid, references) => recordCommitment(store, answer(transactionUid, references));
};

test('stored, committed, read back: only then confirmed, with a piece of evidence for each', async () => {
  const { id, captureId, uid } = await builtInstance();
  says(yes);
  await runAll('store');
  expect(await stateOf(id)).toMatchObject({ state: 'stored', stage: 'delivered' });
  await runAll('commit');
  expect(await stateOf(id)).toMatchObject({ state: 'committed', stage: 'delivered' });
  await runAll('read-back');
  expect(await stateOf(id)).toMatchObject({ state: 'confirmed', stage: 'confirmed', last_code: null });
  expect(await evidenceOf(captureId)).toEqual(['store-status yes', 'commitment yes', 'read-back yes']);
  expect(destination.stored.map((one) => one.uid)).toEqual([uid]);
});

describe('the answer to a store', () => {
  test('a warning counts as stored, and stays in the evidence', async () => {
    const { id, captureId } = await builtInstance();
    destination.storeAnswer = { outcome: 'warning', code: 0xb000 };
    await runAll('store');
    expect(await stateOf(id)).toMatchObject({ state: 'stored' });
    const row = await store.read.get<{ facts: string }>('SELECT facts FROM evidence WHERE capture_id = ?', [captureId]);
    expect(JSON.parse(row!.facts)).toMatchObject({ outcome: 'warning', code: 0xb000 });
  });
  test.each([
    ['refused', { outcome: 'refused', code: 0xa700 }, 'archive-refused', ['store-status no']],
    ['no statement', { outcome: 'unknown', code: null }, 'archive-silent', ['store-status no']],
    ['no connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED', []],
  ] as const)(
    '%s: nothing moves, the reason is kept, and it waits for its next try',
    async (_what, answer, code, evidence) => {
      const { id, captureId } = await builtInstance();
      destination.storeAnswer = answer;
      const before = Date.now();
      await runAll('store');
      const state = await stateOf(id);
      expect(state).toMatchObject({ state: 'built', stage: 'filed', last_code: code, attempts: 1 });
      expect(state.next_attempt_at).toBeGreaterThan(before);
      expect(await evidenceOf(captureId)).toEqual(evidence);
      expect(await steps.store.find(100)).toEqual([]);
      await dueNow();
      destination.storeAnswer = { outcome: 'stored', code: 0 };
      await runAll('store');
      expect(await stateOf(id)).toMatchObject({ state: 'stored' });
      // Every try sends the very same object.
      expect(new Set(destination.stored.map((one) => one.sha256)).size).toBe(1);
    },
  );
});

describe('commitment', () => {
  async function storedOnes(count: number) {
    const made = [];
    for (let turn = 0; turn < count; turn += 1) made.push(await builtInstance());
    while ((await steps.store.find(100)).length > 0) await runAll('store');
    return made;
  }

  test('one request asks for all that wait', async () => {
    const ones = await storedOnes(5);
    says(yes);
    await runAll('commit');
    expect(destination.requests).toHaveLength(1);
    for (const { id } of ones) expect(await stateOf(id)).toMatchObject({ state: 'committed' });
  });

  test('no report: nothing is committed, and after its time it is asked again under a new transaction', async () => {
    const [one] = await storedOnes(1);
    await runAll('commit');
    await runAll('commit');
    expect(destination.requests).toHaveLength(1);
    expect(await stateOf(one!.id)).toMatchObject({ state: 'stored', stage: 'delivered' });
    await dueNow();
    await runAll('commit');
    expect(await stateOf(one!.id)).toMatchObject({ state: 'stored', last_code: 'commitment-timeout' });
    const [first, second] = destination.requests;
    expect(second!.transactionUid).not.toBe(first!.transactionUid);
    // The late report of the first request still counts: the archive has committed itself.
    await recordCommitment(store, yes(first!.transactionUid, first!.references));
    expect(await stateOf(one!.id)).toMatchObject({ state: 'committed' });
    await recordCommitment(store, yes(second!.transactionUid, second!.references));
    expect(await evidenceOf(one!.captureId)).toEqual(['store-status yes', 'commitment yes']);
  });

  test('a report that comes twice counts once', async () => {
    const [one] = await storedOnes(1);
    await runAll('commit');
    const { transactionUid, references } = destination.requests[0]!;
    await recordCommitment(store, yes(transactionUid, references));
    await recordCommitment(store, yes(transactionUid, references));
    expect(await evidenceOf(one!.captureId)).toEqual(['store-status yes', 'commitment yes']);
  });

  test('partial: each instance goes by its own word', async () => {
    const [kept, lost, unsaid, gone] = await storedOnes(4);
    says((transactionUid, references) => ({
      transactionUid,
      committed: references.filter((reference) => reference.sopInstanceUid === kept!.uid),
      failed: [
        { sopClassUid: CLASS, sopInstanceUid: lost!.uid, reason: 0x0110 },
        { sopClassUid: CLASS, sopInstanceUid: gone!.uid, reason: 0x0112 },
      ],
    }));
    await runAll('commit');
    expect(await stateOf(kept!.id)).toMatchObject({ state: 'committed' });
    expect(await stateOf(lost!.id)).toMatchObject({ state: 'stored', last_code: 'commitment-failed' });
    expect(await stateOf(unsaid!.id)).toMatchObject({ state: 'stored', last_code: null });
    // "No such instance": it is sent again.
    expect(await stateOf(gone!.id)).toMatchObject({ state: 'built', last_code: 'commitment-failed', stage: 'filed' });
    expect(await evidenceOf(lost!.captureId)).toEqual(['store-status yes', 'commitment no']);
    expect(await evidenceOf(unsaid!.captureId)).toEqual(['store-status yes']);
  });

  test.each([
    [
      'of a transaction that we never asked',
      (_uid: string, references: readonly Reference[]) => yes('2.25.999', references),
    ],
    [
      'that says both yes and no',
      (uid: string, references: readonly Reference[]): CommitmentOutcome => ({
        transactionUid: uid,
        committed: references,
        failed: references.map((reference) => ({ ...reference, reason: null })),
      }),
    ],
    [
      'that names another class',
      (uid: string, references: readonly Reference[]) =>
        yes(
          uid,
          references.map((one) => ({ ...one, sopClassUid: '1.2.3' })),
        ),
    ],
    ['about nothing', (uid: string) => yes(uid, [])],
  ])('a report %s commits nothing', async (_what, answer) => {
    const [one] = await storedOnes(1);
    says(answer);
    await runAll('commit');
    expect(await stateOf(one!.id)).toMatchObject({ state: 'stored', stage: 'delivered' });
    expect(await evidenceOf(one!.captureId)).not.toContain('commitment yes');
  });

  test('a report about an instance that was not in the request commits nothing', async () => {
    const [one] = await storedOnes(1);
    await runAll('commit');
    const other = await builtInstance();
    await runAll('store');
    const { transactionUid } = destination.requests[0]!;
    await recordCommitment(store, yes(transactionUid, [{ sopClassUid: CLASS, sopInstanceUid: other.uid }]));
    expect(await stateOf(other.id)).toMatchObject({ state: 'stored' });
    expect(await stateOf(one!.id)).toMatchObject({ state: 'stored' });
  });

  test('a request that fails is a failed try of each, except of those already reported', async () => {
    const [one, two] = await storedOnes(2);
    destination.onRequest = async (transactionUid, references) => {
      await recordCommitment(
        store,
        yes(
          transactionUid,
          references.filter((reference) => reference.sopInstanceUid === one!.uid),
        ),
      );
      throw Object.assign(new Error('x'), { code: 'ECONNRESET' });
    };
    await runAll('commit');
    expect(await stateOf(one!.id)).toMatchObject({ state: 'committed' });
    expect(await stateOf(two!.id)).toMatchObject({ state: 'stored', last_code: 'ECONNRESET', attempts: 1 });
  });

  test('where the archive offers none, none is asked for and read-back follows storing', async () => {
    destination.commitmentOffered = false;
    useDestination();
    const [one] = await storedOnes(1);
    expect(Object.keys(steps)).toEqual(['store', 'read-back']);
    await runAll('read-back');
    expect(await stateOf(one!.id)).toMatchObject({ state: 'confirmed' });
    expect(destination.requests).toEqual([]);
  });
});

describe('read-back', () => {
  async function committed() {
    const one = await builtInstance();
    says(yes);
    await runAll('store');
    await runAll('commit');
    return one;
  }

  test.each([
    ['other pixels', Buffer.from('the pixel streaM'), 'read-back-differs', 'committed'],
    ['fewer pixels', PIXELS.subarray(0, -1), 'read-back-differs', 'committed'],
    ['more pixels', Buffer.concat([PIXELS, Buffer.from('!')]), 'read-back-differs', 'committed'],
    ['nothing at all', new Uint8Array(0), 'read-back-differs', 'committed'],
    ['no such instance', null, 'archive-does-not-hold-it', 'built'],
  ])('%s: never confirmed, and the reason is kept', async (_what, pixels, code, state) => {
    const { id, captureId } = await committed();
    destination.pixels = pixels;
    await runAll('read-back');
    // What is not there is not delivered, whatever the archive said: the stage says so too.
    const stage = state === 'built' ? 'filed' : 'delivered';
    expect(await stateOf(id)).toMatchObject({ state, last_code: code, stage });
    expect((await evidenceOf(captureId)).at(-1)).toBe('read-back no');
  });

  test('an archive that cannot be asked gives no evidence', async () => {
    const { id, captureId } = await committed();
    destination.pixels = Object.assign(new Error('x'), { code: 'ETIMEDOUT' });
    await runAll('read-back');
    expect(await stateOf(id)).toMatchObject({ state: 'committed', last_code: 'ETIMEDOUT' });
    expect(await evidenceOf(captureId)).toEqual(['store-status yes', 'commitment yes']);
  });

  test('is not asked of what is only stored while commitment is offered', async () => {
    const { id } = await builtInstance();
    await runAll('store');
    expect(await steps['read-back'].find(100)).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ stage: 'delivered' });
  });

  // The step takes a row that went back to `stored` after it was found (delivery-steps.ts, read-back): to be mended there.
  test('a row that is only stored by the time the step runs is not confirmed without commitment', async () => {
    const { id } = await builtInstance();
    await runAll('store');
    await steps['read-back'].run(id, never, 1);
    expect(await stateOf(id)).toMatchObject({ stage: 'delivered' });
  });

  test('what the archive lost is sent again, committed again and read back again before it counts', async () => {
    const { id, captureId } = await committed();
    destination.pixels = null;
    await runAll('read-back');
    destination.pixels = PIXELS;
    for (const name of ['store', 'commit', 'read-back'] as const) {
      await dueNow();
      await runAll(name);
    }
    expect(await stateOf(id)).toMatchObject({ state: 'confirmed', last_code: null });
    expect(await evidenceOf(captureId)).toEqual([
      'store-status yes',
      'commitment yes',
      'read-back no',
      'store-status yes',
      'commitment yes',
      'read-back yes',
    ]);
  });
});

test('a report on the copy that was lost says nothing of the one sent after it', async () => {
  const { id, captureId } = await builtInstance();
  await runAll('store');
  await runAll('commit');
  const { transactionUid, references } = destination.requests[0]!;
  const gone = references.map((one) => ({ ...one, reason: 0x0112 }));
  await recordCommitment(store, { transactionUid, committed: [], failed: gone });
  await dueNow();
  await runAll('store');
  await recordCommitment(store, yes(transactionUid, references));
  expect(await stateOf(id)).toMatchObject({ state: 'stored' });
  expect(await evidenceOf(captureId)).toEqual(['store-status yes', 'commitment no', 'store-status yes']);
});

test('a report that comes after the station gave up waiting still counts', async () => {
  const { id } = await builtInstance();
  await runAll('store');
  await runAll('commit');
  await dueNow();
  await runAll('commit');
  expect(await stateOf(id)).toMatchObject({ state: 'stored', last_code: 'commitment-timeout' });
  const [late] = destination.requests;
  await recordCommitment(store, yes(late!.transactionUid, late!.references));
  expect(await stateOf(id)).toMatchObject({ state: 'committed' });
});

test('a busy archive is left alone for as long as it asked, and its health is looked at', async () => {
  const { id } = await builtInstance();
  destination.storeAnswer = new PhotodockError('peer-busy', 'busy', { retryAfterMs: 200_000 });
  await runAll('store');
  expect(await stateOf(id)).toMatchObject({ state: 'built', last_code: 'peer-busy' });
  expect((await stateOf(id)).next_attempt_at).toBeGreaterThan(Date.now() + 100_000);
  expect(troubles).toBe(1);
});

test('what is given back is bounded by what was sent', async () => {
  await builtInstance();
  says(yes);
  for (const name of ['store', 'commit', 'read-back'] as const) await runAll(name);
  expect(destination.mostReadBack).toBeLessThan(100 * 1024 * 1024);
});

test('a step repeated after it was done changes nothing', async () => {
  const { id, captureId } = await builtInstance();
  says(yes);
  for (const name of ['store', 'commit', 'read-back'] as const) await runAll(name);
  for (const name of ['store', 'read-back'] as const) await steps[name].run(id, never, 1);
  expect(destination.stored).toHaveLength(1);
  expect(await evidenceOf(captureId)).toHaveLength(3);
});

test('a stop in the middle of a step leaves no failed try', async () => {
  const { id } = await builtInstance();
  const abort = new AbortController();
  destination.storeAnswer = new Error('aborted');
  abort.abort();
  await steps.store.run(id, abort.signal, 1);
  expect(await stateOf(id)).toMatchObject({ state: 'built', attempts: 0, last_code: null });
});

test('tries come at a growing distance, never more than some five minutes apart, and not all at once', () => {
  const distances = [1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map((attempts) => nextAttemptAt(attempts, 0, () => 0.5));
  expect(distances).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1000));
  expect(nextAttemptAt(3, 0, () => 0)).toBeLessThan(nextAttemptAt(3, 0, () => 0.99));
});
