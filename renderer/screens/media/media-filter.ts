import { missingCase } from '../../../shared/domain/errors.ts';
import type { MediumRecord } from '../../../shared/contract/media.ts';

/** What of the register is shown. Retired media are seen only when they are asked for. */
export const MEDIA_FILTERS = ['all', 'out', 'overdue', 'not-clear', 'unknown', 'retired'] as const;
export type MediaFilter = (typeof MEDIA_FILTERS)[number];

/** Whether a medium is out too long. A loan becomes overdue while it is looked at: nobody announces that. */
export function isOverdue(loan: MediumRecord['loan'], now: number): boolean {
  return loan !== null && loan.returnedAt === null && (loan.overdue || loan.dueAt < now);
}

export function passes(medium: MediumRecord, filter: MediaFilter, now: number): boolean {
  if (filter === 'retired') return medium.retiredAt !== null;
  if (medium.retiredAt !== null) return false;
  switch (filter) {
    case 'all':
      return true;
    case 'out':
      return medium.loan !== null;
    case 'overdue':
      return isOverdue(medium.loan, now);
    case 'not-clear':
      return !medium.left.clear;
    case 'unknown':
      return medium.approved === null;
    default:
      return missingCase(filter);
  }
}

/** Whether every word that was typed stands somewhere in what people know of a medium. */
export function matches(medium: MediumRecord, query: string): boolean {
  const { name, label, maker, model, serial, ownerUnit, note, loan } = medium;
  const known = [name, label, maker, model, serial, ownerUnit, note, loan?.borrower].join(' ').toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => known.includes(word));
}

/** What people call it: their own name for it, else what it calls itself. Empty when it has neither. */
export function nameOf(medium: Pick<MediumRecord, 'name' | 'label' | 'model'>): string {
  return medium.name ?? (medium.label || (medium.model ?? ''));
}
