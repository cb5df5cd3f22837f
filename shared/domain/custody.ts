import type { CaptureStage, ItemStage } from './stages.ts';

/**
 * The custody equation of one docking, counted in items:
 * listed = confirmed + inDelivery + unfiled + rejected + unreadable + housekeeping. It always adds up, because every
 * item falls into exactly one term: whatever is neither in delivery nor at an end is unfiled.
 */
export interface CustodyEquation {
  readonly listed: number;
  readonly confirmed: number;
  readonly inDelivery: number;
  readonly unfiled: number;
  readonly rejected: number;
  readonly unreadable: number;
  readonly housekeeping: number;
}

export type CustodyTerm = Exclude<keyof CustodyEquation, 'listed'>;

/** The terms in the order in which people read them. */
export const CUSTODY_TERMS: readonly CustodyTerm[] = [
  'confirmed',
  'inDelivery',
  'unfiled',
  'rejected',
  'unreadable',
  'housekeeping',
];

/** The one term of the equation that an item counts in. */
export function custodyTerm(itemStage: ItemStage, captureStage: CaptureStage | null): CustodyTerm {
  if (itemStage === 'housekeeping') return 'housekeeping';
  if (captureStage === 'rejected') return 'rejected';
  if (itemStage === 'unreadable') return 'unreadable';
  if (itemStage !== 'proven') return 'unfiled';
  if (captureStage === 'confirmed') return 'confirmed';
  if (captureStage === 'filed' || captureStage === 'delivered') return 'inDelivery';
  return 'unfiled';
}

/** Adds up one docking's items. */
export function custodyEquation(
  rows: readonly { itemStage: ItemStage; captureStage: CaptureStage | null; count: number }[],
): CustodyEquation {
  const sum = { listed: 0, confirmed: 0, inDelivery: 0, unfiled: 0, rejected: 0, unreadable: 0, housekeeping: 0 };
  for (const row of rows) {
    sum.listed += row.count;
    sum[custodyTerm(row.itemStage, row.captureStage)] += row.count;
  }
  return sum;
}

/** True when the equation adds up. Shown to the user and checked by tests: it can only fail by a defect of ours. */
export function addsUp(equation: CustodyEquation): boolean {
  return equation.listed === CUSTODY_TERMS.reduce((total, term) => total + equation[term], 0);
}

/** The custody strip: our signature row of steps, for a capture or a docking. */
export const CUSTODY_STEPS = [
  'read',
  'sealed',
  're-read',
  'filed',
  'delivered',
  'committed',
  'read-back',
  'erased',
] as const;
export type CustodyStep = (typeof CUSTODY_STEPS)[number];
export type CustodyStepState = 'done' | 'doing' | 'waiting' | 'failed' | 'not-offered';
