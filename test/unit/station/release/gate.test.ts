import { describe, expect, test } from 'vitest';
import type { CaptureEvidence, ItemEvidence, Verdict } from '../../../../main/station/release/gate.ts';
import { GATE, mayErase } from '../../../../main/station/release/gate.ts';
import type { KeepReason } from '../../../../shared/domain/reasons.ts';
import { CAPTURE_STAGES, ITEM_STAGES } from '../../../../shared/domain/stages.ts';
import { DEMANDS } from './gate-demands.ts';
import { CAPTURES, ITEMS } from './gate-states.ts';

/** Runs through everything without an expect() per case: millions of those would take minutes. */
function mustHold(problem: () => unknown): void {
  expect(problem() ?? null).toBeNull();
}

const unmet = (item: ItemEvidence, capture: CaptureEvidence | null): KeepReason[] =>
  DEMANDS.filter((demand) => !demand.met(item, capture)).map((demand) => demand.otherwise);
const said = (verdict: Verdict) => (verdict.ok ? [] : verdict.because);
const sorted = (reasons: readonly KeepReason[]) => [...reasons].sort().join();

test('the tables of the gate name every stage that there is, once', () => {
  const items = [...Object.keys(GATE.copy.stage), ...Object.keys(GATE.never.stage)];
  const captures = [...Object.keys(GATE.capture.stage), ...Object.keys(GATE.rejected.stage)];
  expect(items.toSorted()).toEqual(ITEM_STAGES.toSorted());
  expect(captures.toSorted()).toEqual(CAPTURE_STAGES.toSorted());
});

test('every state of an item with every state of its capture: yes exactly when every demand is met, else every reason, once', () => {
  let asked = 0;
  let yes = 0;
  mustHold(() => {
    for (const capture of CAPTURES)
      for (const item of ITEMS) {
        const verdict = mayErase(item, capture, []);
        asked += 1;
        if (verdict.ok) yes += 1;
        const expected = unmet(item, capture);
        if (verdict.ok !== (expected.length === 0)) return { item, capture, verdict, expected };
        if (sorted(said(verdict)) !== sorted(expected)) return { item, capture, verdict, expected };
      }
    return null;
  });
  expect(asked).toBe(ITEMS.length * CAPTURES.length);
  // The whole list of what may be erased: confirmed (committed, or no commitment offered), or rejected by policy (whatever its original).
  expect(yes).toBe(2 + 2);
});

/** What a value becomes when that piece of evidence is taken away, or the hold or the policy is turned against it. */
const TAKEN_AWAY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  stage: { proven: 'sealed', sealed: 'listed', confirmed: 'delivered', delivered: 'filed', filed: 'unfiled' },
  sourceHash: { known: 'missing' },
  secondRead: { equal: 'missing', differs: 'missing' },
  unsealedHash: { equal: 'missing', differs: 'missing' },
  onMediumNow: { same: 'not-looked', changed: 'not-looked', missing: 'not-looked' },
  original: { 'may-leave': 'stays' },
  hold: { none: 'held' },
  policy: { 'may-leave': 'stays' },
  storeStatus: { stored: 'missing', refused: 'missing' },
  commitment: { committed: 'missing', refused: 'missing', 'not-offered': 'missing' },
  readBack: { equal: 'missing', differs: 'missing' },
};

/** Every state that lacks one piece of what this one has. */
function* lessThan<State extends object>(state: State): Generator<State> {
  for (const [fact, value] of Object.entries(state) as [string, unknown][]) {
    const less = typeof value === 'string' ? TAKEN_AWAY[fact]?.[value] : undefined;
    if (less !== undefined) yield { ...state, [fact]: less };
  }
}
function* lesserCaptures(capture: CaptureEvidence | null): Generator<CaptureEvidence | null> {
  if (!capture) return;
  yield null;
  yield* lessThan(capture);
  if (!('delivery' in capture) || !capture.delivery) return;
  yield { ...capture, delivery: null };
  for (const delivery of lessThan(capture.delivery)) yield { ...capture, delivery };
}

test('monotone: taking any piece of evidence away, or adding a hold, never turns no into yes', () => {
  const facts = Object.values(GATE).flatMap((table) => Object.keys(table));
  expect(Object.keys(TAKEN_AWAY).toSorted()).toEqual([...new Set(facts)].toSorted());
  mustHold(() => {
    for (const capture of CAPTURES)
      for (const item of ITEMS) {
        if (mayErase(item, capture, []).ok) continue;
        for (const less of lessThan(item)) if (mayErase(less, capture, []).ok) return { item, less, capture };
        for (const less of lesserCaptures(capture)) if (mayErase(item, less, []).ok) return { item, capture, less };
      }
    return null;
  });
});

const PERFECT: ItemEvidence = {
  stage: 'proven',
  sourceHash: 'known',
  secondRead: 'equal',
  unsealedHash: 'equal',
  onMediumNow: 'same',
  original: 'may-leave',
};
const CONFIRMED: CaptureEvidence = {
  stage: 'confirmed',
  hold: 'none',
  delivery: { storeStatus: 'stored', commitment: 'committed', readBack: 'equal' },
};

describe('groups', () => {
  /** A companion that is already gone from the medium does not hold the rest back, all else about it does. */
  const stays = (companion: ItemEvidence, capture: CaptureEvidence | null) =>
    unmet(companion, capture).some((reason) => reason !== 'object-missing');

  // Every item with every capture is above. What a companion adds is one yes or no, so every pair of the three is every
  // way in which they could meet; all triples together would be 57 million.
  test('every state of a companion with every state of the capture: one that stays holds a perfect item back', () => {
    mustHold(() => {
      for (const capture of CAPTURES)
        for (const companion of ITEMS) {
          const expected = [...unmet(PERFECT, capture), ...(stays(companion, capture) ? ['group-incomplete'] : [])];
          const verdict = mayErase(PERFECT, capture, [companion]);
          if (verdict.ok !== (expected.length === 0) || sorted(said(verdict)) !== sorted(expected as KeepReason[]))
            return { companion, capture, verdict };
        }
      return null;
    });
  });

  test.each([
    ['confirmed', CONFIRMED],
    ['rejected', { stage: 'rejected', hold: 'none', policy: 'may-leave' } as const],
    ['held', { ...CONFIRMED, hold: 'held' } as const],
    ['not there', null],
  ])('every pair of states under a capture that is %s', (_word, capture) => {
    const own = ITEMS.map((item) => unmet(item, capture).length);
    const held = ITEMS.map((item) => stays(item, capture));
    mustHold(() => {
      for (const [i, item] of ITEMS.entries())
        for (const [c, companion] of ITEMS.entries()) {
          const verdict = mayErase(item, capture, [companion]);
          const reasons = own[i]! + Number(held[c]);
          if (verdict.ok !== (reasons === 0) || said(verdict).length !== reasons) return { item, companion, verdict };
          if (held[c] !== (said(verdict).at(-1) === 'group-incomplete')) return { item, companion, verdict };
        }
      return null;
    });
  });

  test('one bad companion among good ones is enough, wherever it stands, and a group of good ones leaves', () => {
    const gone = { ...PERFECT, onMediumNow: 'missing' } as const;
    expect(mayErase(PERFECT, CONFIRMED, [PERFECT, gone, PERFECT])).toEqual({ ok: true });
    const because = ['group-incomplete'];
    for (const bad of ITEMS.filter((item) => stays(item, CONFIRMED))) {
      expect(mayErase(PERFECT, CONFIRMED, [bad, PERFECT, gone])).toEqual({ ok: false, because });
      expect(mayErase(PERFECT, CONFIRMED, [PERFECT, bad, gone])).toEqual({ ok: false, because });
      expect(mayErase(PERFECT, CONFIRMED, [PERFECT, gone, bad])).toEqual({ ok: false, because });
    }
  });
});

test('a value that no type allows, as a damaged row might bring it, is a no and never throws', () => {
  const odd = (value: unknown) => value as never;
  for (const value of ['', 'unheard-of', 'constructor', '__proto__', null, undefined, 1, {}]) {
    for (const fact of Object.keys(PERFECT))
      expect(mayErase({ ...PERFECT, [fact]: odd(value) }, CONFIRMED, []).ok, `${fact} ${String(value)}`).toBe(false);
    for (const fact of Object.keys(CONFIRMED))
      expect(mayErase(PERFECT, { ...CONFIRMED, [fact]: odd(value) }, []).ok, `${fact} ${String(value)}`).toBe(false);
    for (const fact of Object.keys(CONFIRMED.delivery!)) {
      const delivery = { ...CONFIRMED.delivery!, [fact]: odd(value) };
      expect(mayErase(PERFECT, { ...CONFIRMED, delivery }, []).ok, `${fact} ${String(value)}`).toBe(false);
    }
  }
  expect(mayErase({ ...PERFECT, stage: odd('unheard-of') }, CONFIRMED, [])).toEqual({
    ok: false,
    because: ['not-proven'],
  });
});
