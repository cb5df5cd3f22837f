import type { ReviewRow } from '../../../shared/contract.ts';

/** The lists of Review, the most pressing first. */
export const REVIEW_LISTS = [
  'damaged',
  'stuck',
  'unfiled',
  'not-erased',
  'undecided',
  'unreadable',
  'not-returned',
  'needs-approval',
  'held',
  'rejected',
] as const satisfies readonly ReviewRow['list'][];

const HOUR = 3_600_000;

/** How pressing an age is: fresh, due after four hours, late after a day. */
export function urgencyOf(since: number, now: number): 'fresh' | 'due' | 'late' {
  const age = now - since;
  if (age >= 24 * HOUR) return 'late';
  return age >= 4 * HOUR ? 'due' : 'fresh';
}

/** Length of the age bar, 0 to 1: by the logarithm, so that an hour and a week are both seen. Full at thirty days. */
export function ageBar(since: number, now: number): number {
  const hours = Math.max(0, (now - since) / HOUR);
  return Math.min(1, Math.max(0.04, Math.log1p(hours) / Math.log1p(30 * 24)));
}
