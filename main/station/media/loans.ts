import { randomUUID } from 'node:crypto';
import type { LoanView } from '../../../shared/contract/media.ts';
import { appendAudit } from '../audit/index.ts';
import type { SignedIn } from '../people/index.ts';
import type { Reader, Transaction } from '../store/index.ts';
import { MediumError } from './errors.ts';

export interface LoanRow {
  id: string;
  medium_id: string;
  borrower: string;
  lent_at: number;
  lent_by: string;
  due_at: number;
  returned_at: number | null;
  returned_by: string | null;
}

const SELECT = `
  SELECT l.id, l.medium_id, l.borrower, l.lent_at, coalesce(b.display_name, '') AS lent_by, l.due_at, l.returned_at,
         r.display_name AS returned_by
  FROM loan l LEFT JOIN person b ON b.id = l.lent_by LEFT JOIN person r ON r.id = l.returned_by`;

/** Loans that are open, of all media. */
export function openLoans(reader: Reader): Promise<LoanRow[]> {
  return reader.all<LoanRow>(`${SELECT} WHERE l.returned_at IS NULL`);
}

/** The loans of one medium, the newest first. */
export function loansOf(reader: Reader, mediumId: string): Promise<LoanRow[]> {
  return reader.all<LoanRow>(`${SELECT} WHERE l.medium_id = ? ORDER BY l.lent_at DESC, l.rowid DESC LIMIT 50`, [
    mediumId,
  ]);
}

/** @param now the station's clock, ms: what is due is judged by it alone */
export function loanView(row: LoanRow, now: number): LoanView {
  return {
    id: row.id,
    borrower: row.borrower,
    lentAt: row.lent_at,
    lentBy: row.lent_by,
    dueAt: row.due_at,
    returnedAt: row.returned_at,
    returnedBy: row.returned_by,
    overdue: row.returned_at === null && row.due_at < now,
  };
}

/**
 * Writes down who takes a medium along. The borrower's name stays out of the audit trail: somebody might write a patient's there.
 * @throws MediumError `already-lent`, `due-is-past`
 */
export async function lend(
  tx: Transaction,
  order: { readonly mediumId: string; readonly borrower: string; readonly dueAt: number },
  person: SignedIn,
  now: number,
): Promise<LoanView> {
  if (order.dueAt <= now) throw new MediumError('due-is-past', 'a loan has to be due later than now');
  const open = await tx.get('SELECT 1 FROM loan WHERE medium_id = ? AND returned_at IS NULL', [order.mediumId]);
  if (open) throw new MediumError('already-lent', 'the medium is lent already');
  const id = randomUUID();
  await tx.run('INSERT INTO loan (id, medium_id, borrower, lent_at, lent_by, due_at) VALUES (?, ?, ?, ?, ?, ?)', [
    id,
    order.mediumId,
    order.borrower,
    now,
    person.personId,
    order.dueAt,
  ]);
  await appendAudit(tx, {
    person: person.personId,
    action: 'medium-lent',
    subject: order.mediumId,
    facts: { loan: id, dueAt: order.dueAt },
  });
  return {
    id,
    borrower: order.borrower,
    lentAt: now,
    lentBy: person.displayName,
    dueAt: order.dueAt,
    returnedAt: null,
    returnedBy: null,
    overdue: false,
  };
}

/** Somebody holds it in their hand again. @throws MediumError `not-lent` */
export async function takeBack(tx: Transaction, mediumId: string, person: SignedIn, now: number): Promise<void> {
  const ended = await endLoan(tx, mediumId, person.personId, now, 'medium-returned');
  if (!ended) throw new MediumError('not-lent', 'the medium is not lent');
}

/** A lent medium that is docked is back, whoever docked it: it is here. Answers whether it was lent. */
export function returnedByDocking(tx: Transaction, mediumId: string, now: number): Promise<boolean> {
  return endLoan(tx, mediumId, null, now, 'medium-returned-by-docking');
}

async function endLoan(
  tx: Transaction,
  mediumId: string,
  personId: string | null,
  now: number,
  action: string,
): Promise<boolean> {
  const loan = await tx.get<{ id: string }>('SELECT id FROM loan WHERE medium_id = ? AND returned_at IS NULL', [
    mediumId,
  ]);
  if (!loan) return false;
  await tx.run('UPDATE loan SET returned_at = ?, returned_by = ? WHERE id = ?', [now, personId, loan.id]);
  await appendAudit(tx, { person: personId, action, subject: mediumId, facts: { loan: loan.id } });
  return true;
}
