import type { z } from 'zod';
import type { LoanView, MediumRecord } from '../../shared/contract/media.ts';
import { textOption } from './command.ts';
import type { OptionValues } from './command.ts';
import { UsageError } from './errors.ts';
import { moment } from './patient.ts';
import type { LoanShape, MediumShape } from './schemas.ts';

/** One medium of the register for `--json`. */
export function mediumJson(medium: MediumRecord): z.output<typeof MediumShape> {
  const { left } = medium;
  return {
    id: medium.id,
    kind: medium.kind,
    label: medium.label,
    name: medium.name,
    maker: medium.maker,
    model: medium.model,
    serial: medium.serial,
    unit: medium.ownerUnit,
    managed: medium.managed,
    note: medium.note,
    approved: medium.approved && { at: moment(medium.approved.at), by: medium.approved.by },
    retiredAt: momentOrNull(medium.retiredAt),
    dockings: medium.dockings,
    firstDockedAt: moment(medium.firstDockedAt),
    firstDockedBy: medium.firstDockedBy,
    lastDockedAt: momentOrNull(medium.lastDockedAt),
    lastDockedBy: medium.lastDockedBy,
    dockedNow: medium.dockedNow,
    left: {
      present: left.present,
      kept: left.kept,
      eraseUnverified: left.eraseUnverified,
      unread: left.unread,
      clear: left.clear,
      unknownSince: momentOrNull(left.unknownSince),
    },
    clock: medium.clock.map(({ at, offsetMs }) => ({ at: moment(at), offsetMs })),
    loan: medium.loan && loanJson(medium.loan),
  };
}

/** One loan for `--json`. */
export function loanJson(loan: LoanView): z.output<typeof LoanShape> {
  return {
    id: loan.id,
    borrower: loan.borrower,
    lentAt: moment(loan.lentAt),
    lentBy: loan.lentBy,
    dueAt: moment(loan.dueAt),
    overdue: loan.overdue,
  };
}

const momentOrNull = (at: number | null): string | null => (at === null ? null : moment(at));

/** The medium that a command is about. @throws UsageError */
export function mediumOption(options: OptionValues): string {
  const id = textOption(options, 'medium');
  if (id === undefined) throw new UsageError('--medium ID is needed (see: photodock media)');
  return id;
}

export const MEDIUM = { type: 'string', value: 'ID', help: 'the medium (see: photodock media)' } as const;

/**
 * When a loan is due: a day (then its end, by this machine's clock) or a moment with its zone.
 * @throws UsageError
 */
export function dueOption(options: OptionValues): number {
  const text = textOption(options, 'due') ?? '';
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const at = day
    ? new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3]), 23, 59, 59).getTime()
    : /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text)
      ? Date.parse(text)
      : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError('--due takes a day (2026-12-01) or a moment (2026-12-01T18:00:00+01:00)');
  return at;
}
