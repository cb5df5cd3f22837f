import { describe, expect, test } from 'vitest';
import { ITEM_KINDS, RAW_KINDS } from '../../../../main/station/imaging/item-kind.ts';
import type { CustodyRow, OnMediumNow } from '../../../../main/station/release/custody-row.ts';
import { captureEvidence, companionsOf, itemEvidence, roleOf } from '../../../../main/station/release/custody-row.ts';
import type { ItemRole } from '../../../../main/station/release/original-may-leave.ts';
import { CAPTURE_STAGES } from '../../../../shared/domain/stages.ts';
import { POLICIES, STRICT } from './policies.ts';

/** A row of a confirmed JPEG with everything that the gate wants. */
const ROW: CustodyRow = {
  id: 'item',
  docking_id: 'docking',
  path: 'DCIM/A.JPG',
  path_bytes: null,
  modified_at: 0,
  size: 1,
  kind: 'jpeg',
  stage: 'proven',
  on_medium: 'present',
  group_key: 'DCIM/A',
  sha256: 'a',
  second_sha256: 'a',
  unsealed_sha256: 'a',
  unlinked_at: null,
  capture_id: 'capture',
  capture_stage: 'confirmed',
  primary_item_id: 'item',
  is_record: 1,
  held: 0,
  derivation: null,
  instance_state: 'confirmed',
  store_ok: 1,
  commitment_ok: 1,
  read_back_ok: 1,
};
const row = (more: Partial<CustodyRow>): CustodyRow => ({ ...ROW, ...more });

describe('hashes', () => {
  const HASHES = ['a', 'b', null] as const;
  test('every combination: equal only to a first hash that there is', () => {
    for (const sha256 of HASHES)
      for (const second_sha256 of HASHES)
        for (const unsealed_sha256 of HASHES) {
          const told = itemEvidence(row({ sha256, second_sha256, unsealed_sha256 }), 'same', STRICT);
          const word = (hash: string | null) =>
            hash === null ? 'missing' : sha256 !== null && hash === sha256 ? 'equal' : 'differs';
          expect(told).toEqual({
            stage: 'proven',
            sourceHash: sha256 === null ? 'missing' : 'known',
            secondRead: word(second_sha256),
            unsealedHash: word(unsealed_sha256),
            onMediumNow: 'same',
            original: 'may-leave',
          });
        }
  });

  test('the stage and what was just seen on the medium go through as they are', () => {
    for (const stage of ['listed', 'sealed', 'proven'] as const)
      for (const seen of ['same', 'changed', 'missing', 'not-looked'] satisfies OnMediumNow[])
        expect(itemEvidence(row({ stage }), seen, STRICT)).toMatchObject({ stage, onMediumNow: seen });
  });

  test('what could not be read, or is no picture, is told as nothing else', () => {
    for (const stage of ['unreadable', 'housekeeping'] as const)
      expect(itemEvidence(row({ stage }), 'same', STRICT)).toEqual({ stage });
  });
});

describe('what an item is to its record', () => {
  const PICTURES: Partial<Record<string, ItemRole>> = {
    heic: 'heic-original',
    ...Object.fromEntries(RAW_KINDS.map((kind) => [kind, 'raw'])),
  };
  const COMPANIONS: Readonly<Record<string, ItemRole>> = {
    mp4: 'motion',
    mov: 'motion',
    avi: 'motion',
    xmp: 'sidecar',
    aae: 'sidecar',
    wav: 'sidecar',
    unknown: 'other',
  };

  test.each([...ITEM_KINDS, null])('%s', (kind) => {
    const isCompanion = kind === null || kind in COMPANIONS;
    const leading = isCompanion ? 'other' : (PICTURES[kind] ?? null);
    for (const derivation of [null, 'heic-to-jpeg']) {
      expect(roleOf(row({ kind, derivation }))).toBe(leading ?? (derivation === null ? 'record' : 'derived-original'));
      const beside = isCompanion ? COMPANIONS[kind ?? 'unknown'] : (PICTURES[kind] ?? 'derived-original');
      expect(roleOf(row({ kind, derivation, primary_item_id: 'another', is_record: 0 }))).toBe(beside);
      expect(roleOf(row({ kind, derivation, primary_item_id: null, is_record: null }))).toBe(beside);
      // It leads a duplicate, and the record was made of something else.
      expect(roleOf(row({ kind, derivation, is_record: 0 }))).toBe(leading ?? 'derived-original');
    }
  });

  test('the policy is asked for that role', () => {
    for (const policy of POLICIES) {
      const of = (more: Partial<CustodyRow>) => itemEvidence(row(more), 'same', policy);
      const word = (may: boolean) => ({ original: may ? 'may-leave' : 'stays' });
      expect(of({ kind: 'heic' })).toMatchObject(word(policy.heicMayLeave));
      expect(of({ kind: 'cr2', primary_item_id: 'another' })).toMatchObject(word(policy.rawMayLeave));
      expect(of({ kind: 'mov', primary_item_id: 'another' })).toMatchObject(word(policy.motionMayLeave));
      expect(of({ kind: 'png', derivation: 'to-jpeg' })).toMatchObject(word(policy.derivedMayLeave));
      expect(of({ kind: 'unknown' })).toMatchObject(word(false));
    }
  });
});

describe('what the archive has shown', () => {
  const ANSWERS = [1, 0, null, 2, -1] as const;
  const word = <Yes, No, None>(answer: number | null, yes: Yes, no: No, none: None) =>
    answer === null ? none : answer === 1 ? yes : no;

  test('every combination of recorded answers: only a recorded yes is one', () => {
    for (const stage of CAPTURE_STAGES.filter((one) => one !== 'rejected'))
      for (const instance_state of ['planned', 'built', 'stored', 'committed', 'confirmed'])
        for (const store_ok of ANSWERS)
          for (const commitment_ok of ANSWERS)
            for (const read_back_ok of ANSWERS)
              for (const offered of [true, false]) {
                const told = row({ capture_stage: stage, instance_state, store_ok, commitment_ok, read_back_ok });
                // A read-back of an instance that is on its way again says nothing about now.
                const readBack = instance_state === 'confirmed' ? read_back_ok : null;
                expect(captureEvidence(told, offered, STRICT)).toEqual({
                  stage,
                  hold: 'none',
                  delivery: {
                    storeStatus: word(store_ok, 'stored', 'refused', 'missing'),
                    commitment: word(commitment_ok, 'committed', 'refused', offered ? 'missing' : 'not-offered'),
                    readBack: word(readBack, 'equal', 'differs', 'missing'),
                  },
                });
              }
  });

  test('without an instance there is nothing from the archive', () => {
    expect(captureEvidence(row({ instance_state: null }), true, STRICT)).toMatchObject({ delivery: null });
  });

  test('anything but a plain zero in the column of holds is a hold', () => {
    for (const capture_stage of ['confirmed', 'rejected'] as const)
      for (const held of [1, 2, -1, null as never])
        expect(captureEvidence(row({ capture_stage, held }), true, STRICT)).toMatchObject({ hold: 'held' });
  });

  test('a rejected capture is told with its policy and its hold, and with nothing from an archive', () => {
    for (const policy of POLICIES)
      expect(captureEvidence(row({ capture_stage: 'rejected' }), true, policy)).toEqual({
        stage: 'rejected',
        hold: 'none',
        policy: policy.rejectedMayLeave ? 'may-leave' : 'stays',
      });
  });

  test('an item of no capture, or of one without a stage, has none', () => {
    expect(captureEvidence(row({ capture_id: null }), true, STRICT)).toBeNull();
    expect(captureEvidence(row({ capture_stage: null }), true, STRICT)).toBeNull();
  });
});

test('companions: the others of the capture, and what of the same name could not be read; never the item itself', () => {
  const all = [
    row({}),
    row({ id: 'raw', kind: 'cr2' }),
    row({ id: 'unread', stage: 'unreadable', capture_id: null }),
    row({ id: 'unread elsewhere', stage: 'unreadable', capture_id: null, group_key: 'DCIM/B' }),
    row({ id: 'same name, other capture', capture_id: 'other' }),
    row({ id: 'same name, no capture', capture_id: null }),
    row({ id: 'other name, same capture', group_key: 'DCIM/C' }),
  ];
  expect(companionsOf(all[0]!, all).map(({ id }) => id)).toEqual(['raw', 'unread', 'other name, same capture']);
  expect(companionsOf(row({ id: 'loose', capture_id: null }), all).map(({ id }) => id)).toEqual(['unread']);
  expect(companionsOf(row({ id: 'unread', stage: 'unreadable', capture_id: null }), all)).toEqual([]);
});
