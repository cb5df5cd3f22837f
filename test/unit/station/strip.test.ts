import { expect, test } from 'vitest';
import { CUSTODY_STEPS } from '../../../shared/domain/custody.ts';
import type { CustodyStep } from '../../../shared/domain/custody.ts';
import { erasing, strip } from '../../../main/station/views/strip.ts';

const half = Object.fromEntries(CUSTODY_STEPS.map((step) => [step, { done: 1, total: 2 }])) as Record<
  CustodyStep,
  { done: number; total: number }
>;
const stateOf = (step: CustodyStep, steps = strip(half, true)) => steps.find((one) => one.step === step)?.state;

test('half done is at work where the station goes on by itself, and waiting where only a person does', () => {
  expect(stateOf('delivered')).toBe('doing');
  expect(stateOf('filed')).toBe('waiting');
  expect(stateOf('erased')).toBe('waiting');
  expect(stateOf('erased', strip({ ...half, erased: { done: 1, total: 2, doing: true } }, true))).toBe('doing');
});

test('what failed says so before anything else', () => {
  expect(stateOf('filed', strip({ ...half, filed: { done: 1, total: 2, code: 'hold' } }, true))).toBe('failed');
});

test('a personal phone has no erasing to wait for, and says why; one that was the department’s keeps what was done', () => {
  const phone = { kind: 'phone', managed: 0 } as const;
  const steps = strip({ ...half, erased: { done: 0, total: 2, ...erasing(phone, 'managed', 0) } }, true);
  expect(steps.find(({ step }) => step === 'erased')).toMatchObject({ state: 'not-offered', code: 'personal-phone' });
  expect(erasing({ ...phone, managed: 1 }, 'managed', 0)).toEqual({ needed: true, code: null });
  expect(erasing({ ...phone, managed: 1 }, 'never', 0).needed).toBe(false);
  expect(erasing(phone, 'managed', 3).needed).toBe(true);
  expect(erasing({ kind: 'dermatoscope', managed: 0 }, 'never', 0)).toEqual({ needed: false, code: null });
});
