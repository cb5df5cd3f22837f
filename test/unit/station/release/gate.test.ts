import { describe, expect, test } from 'vitest';
import type {
  CaptureCustody,
  DeliveryEvidence,
  ErasePolicy,
  ItemCustody,
} from '../../../../main/station/release/gate.ts';
import { mayErase } from '../../../../main/station/release/gate.ts';
import { KEEP_REASONS } from '../../../../shared/domain/reasons.ts';
import { CAPTURE_STAGES, ITEM_STAGES } from '../../../../shared/domain/stages.ts';

const ROLES = ['record', 'derived-original', 'heic-original', 'raw', 'motion', 'sidecar', 'other'] as const;
const HASHES = ['a', 'b', null] as const;
const ON_MEDIUM = ['same', 'changed', 'missing', 'not-looked'] as const;
const STORE = ['stored', 'warning', 'refused', null] as const;
const YES_NO_UNKNOWN = [true, false, null] as const;
const BOTH = [true, false] as const;

function* items(): Generator<ItemCustody> {
  for (const stage of ITEM_STAGES)
    for (const role of ROLES)
      for (const sourceSha256 of HASHES)
        for (const secondSha256 of HASHES)
          for (const unsealedSha256 of HASHES)
            for (const onMediumNow of ON_MEDIUM)
              yield { itemId: 'i', stage, role, sourceSha256, secondSha256, unsealedSha256, onMediumNow };
}
function* deliveries(): Generator<DeliveryEvidence | null> {
  yield null;
  for (const storeStatus of STORE)
    for (const commitmentOffered of BOTH)
      for (const committed of YES_NO_UNKNOWN)
        for (const readBackEqual of YES_NO_UNKNOWN) yield { storeStatus, commitmentOffered, committed, readBackEqual };
}
function* captures(): Generator<CaptureCustody | null> {
  yield null;
  for (const stage of CAPTURE_STAGES)
    for (const held of BOTH) for (const delivery of deliveries()) yield { stage, held, delivery };
}
function* policies(): Generator<ErasePolicy> {
  for (const heicMayLeave of BOTH)
    for (const rawMayLeave of BOTH)
      for (const motionMayLeave of BOTH)
        for (const derivedMayLeave of BOTH)
          for (const rejectedMayLeave of BOTH)
            yield { heicMayLeave, rawMayLeave, motionMayLeave, derivedMayLeave, rejectedMayLeave };
}

const open: ErasePolicy = {
  heicMayLeave: true,
  rawMayLeave: true,
  motionMayLeave: true,
  derivedMayLeave: true,
  rejectedMayLeave: true,
};
const goodItem: ItemCustody = {
  itemId: 'i',
  stage: 'proven',
  role: 'record',
  sourceSha256: 'a',
  secondSha256: 'a',
  unsealedSha256: 'a',
  onMediumNow: 'same',
};
const goodDelivery: DeliveryEvidence = {
  storeStatus: 'stored',
  commitmentOffered: true,
  committed: true,
  readBackEqual: true,
};
const goodCapture: CaptureCustody = { stage: 'confirmed', held: false, delivery: goodDelivery };

/** The rule in other words than the gate's, written from the design. */
const itemIsProven = (item: ItemCustody) =>
  item.stage === 'proven' &&
  item.sourceSha256 !== null &&
  item.secondSha256 === item.sourceSha256 &&
  item.unsealedSha256 === item.sourceSha256 &&
  item.onMediumNow === 'same';
const isInArchive = (delivery: DeliveryEvidence | null) =>
  delivery !== null &&
  (delivery.storeStatus === 'stored' || delivery.storeStatus === 'warning') &&
  delivery.committed !== false &&
  (!delivery.commitmentOffered || delivery.committed === true) &&
  delivery.readBackEqual === true;
const roleMayLeave = (role: ItemCustody['role'], policy: ErasePolicy) =>
  ({
    record: true,
    sidecar: true,
    other: false,
    'heic-original': policy.heicMayLeave,
    'derived-original': policy.derivedMayLeave,
    raw: policy.rawMayLeave,
    motion: policy.motionMayLeave,
  })[role];
const captureMayLeave = (capture: CaptureCustody | null, role: ItemCustody['role'], policy: ErasePolicy) => {
  if (capture === null || capture.held) return false;
  if (capture.stage === 'rejected') return policy.rejectedMayLeave;
  return capture.stage === 'confirmed' && isInArchive(capture.delivery) && roleMayLeave(role, policy);
};

/** Runs through everything without an expect() per case: millions of those would take minutes. */
function mustHold(problem: () => unknown): void {
  const found = problem();
  expect(found ?? null).toBeNull();
}

test('every item with a good capture: yes exactly when it is wholly proven, and every no says why', () => {
  mustHold(() => {
    for (const item of items()) {
      const verdict = mayErase(item, goodCapture, [], open);
      const expected = itemIsProven(item) && item.role !== 'other';
      if (verdict.ok !== expected) return item;
      if (
        !verdict.ok &&
        (verdict.because.length === 0 || verdict.because.some((reason) => !KEEP_REASONS.includes(reason)))
      )
        return item;
    }
    return null;
  });
});

test('every capture, role and policy with a proven item: yes exactly when the archive has shown everything', () => {
  mustHold(() => {
    for (const policy of policies())
      for (const role of ROLES)
        for (const capture of captures()) {
          const verdict = mayErase({ ...goodItem, role }, capture, [], policy);
          if (verdict.ok !== captureMayLeave(capture, role, policy)) return { policy, role, capture };
        }
    return null;
  });
});

test('every item with every capture: the two never make up for each other', () => {
  const policy: ErasePolicy = { ...open, rawMayLeave: false };
  const all = [...captures()];
  mustHold(() => {
    for (const item of items()) {
      const proven = itemIsProven(item);
      for (const capture of all) {
        const { ok } = mayErase(item, capture, [], policy);
        if (ok !== (proven && captureMayLeave(capture, item.role, policy))) return { item, capture };
      }
    }
    return null;
  });
});

test('every companion with every role: a group leaves together or stays together', () => {
  mustHold(() => {
    for (const policy of policies())
      for (const companion of items()) {
        const { ok } = mayErase(goodItem, goodCapture, [companion], policy);
        // A companion that is already gone from the medium does not hold the rest back, all else about it does.
        const seen = companion.onMediumNow === 'missing' ? { ...companion, onMediumNow: 'same' as const } : companion;
        if (ok !== (itemIsProven(seen) && roleMayLeave(companion.role, policy))) return { policy, companion };
      }
    return null;
  });
});

test('one bad companion among good ones is enough', () => {
  const bad = { ...goodItem, itemId: 'bad', onMediumNow: 'changed' } as const;
  const good = { ...goodItem, itemId: 'good' };
  expect(mayErase(goodItem, goodCapture, [good, good], open)).toEqual({ ok: true });
  expect(mayErase(goodItem, goodCapture, [good, bad, good], open)).toEqual({
    ok: false,
    because: ['group-incomplete'],
  });
});

describe('taking one piece of evidence away turns yes into no, and says which', () => {
  const cases: [string, Partial<ItemCustody>, Partial<CaptureCustody>, Partial<DeliveryEvidence>, string][] = [
    ['second read', { secondSha256: null }, {}, {}, 'second-read-missing'],
    ['equal second read', { secondSha256: 'b' }, {}, {}, 'second-read-differs'],
    ['unsealing', { unsealedSha256: null }, {}, {}, 'unsealed-hash-missing'],
    ['equal unsealing', { unsealedSha256: 'b' }, {}, {}, 'unsealed-hash-differs'],
    ['the source hash', { sourceSha256: null }, {}, {}, 'source-hash-missing'],
    ['a look at the object', { onMediumNow: 'not-looked' }, {}, {}, 'object-changed'],
    ['the same object', { onMediumNow: 'changed' }, {}, {}, 'object-changed'],
    ['the object', { onMediumNow: 'missing' }, {}, {}, 'object-missing'],
    ['the stage proven', { stage: 'sealed' }, {}, {}, 'not-proven'],
    ['readability', { stage: 'unreadable' }, {}, {}, 'unreadable'],
    ['being a picture', { stage: 'housekeeping' }, {}, {}, 'housekeeping'],
    ['no hold', {}, { held: true }, {}, 'hold'],
    ['the stage confirmed', {}, { stage: 'delivered' }, {}, 'capture-not-confirmed'],
    ['any delivery', {}, { delivery: null }, {}, 'store-status-missing'],
    ['the store status', {}, {}, { storeStatus: null }, 'store-status-missing'],
    ['a good store status', {}, {}, { storeStatus: 'refused' }, 'store-status-missing'],
    ['the commitment', {}, {}, { committed: null }, 'commitment-missing'],
    ['a yes to commitment', {}, {}, { committed: false }, 'commitment-failed'],
    ['the read-back', {}, {}, { readBackEqual: null }, 'read-back-missing'],
    ['an equal read-back', {}, {}, { readBackEqual: false }, 'read-back-differs'],
  ];
  test.each(cases)('%s', (_what, item, capture, delivery, reason) => {
    expect(mayErase(goodItem, goodCapture, [], open)).toEqual({ ok: true });
    const lacking = { ...goodCapture, delivery: { ...goodDelivery, ...delivery }, ...capture };
    const verdict = mayErase({ ...goodItem, ...item }, lacking, [], open);
    expect(verdict.ok).toBe(false);
    expect(verdict.ok ? [] : verdict.because).toContain(reason);
  });
});

test('a hold stops a rejected capture too', () => {
  const verdict = mayErase(goodItem, { stage: 'rejected', held: true, delivery: null }, [], open);
  expect(verdict).toEqual({ ok: false, because: ['hold'] });
});
