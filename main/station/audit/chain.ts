import { createHash } from 'node:crypto';
import type { Reader, Transaction } from '../store/index.ts';

/** What one audit line may hold besides its subject: codes, counts, UIDs, hashes. Never patient data. */
export type AuditFacts = Readonly<Record<string, string | number | boolean | null>>;

export interface AuditEntry {
  /** Person id, or null when the station acted by itself. */
  readonly person: string | null;
  readonly action: string;
  /** Id of the item, capture, docking, instance or person it is about. */
  readonly subject: string;
  readonly facts?: AuditFacts;
}

/** One line as it lies in the store. */
export interface AuditRow {
  line: number;
  at: number;
  person: string | null;
  action: string;
  subject: string;
  facts: string;
  previous_hash: string;
  hash: string;
}

export const GENESIS = '0'.repeat(64);

/** The hash that a line with this content must carry. */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const canonical = JSON.stringify([
    row.line,
    row.at,
    row.person,
    row.action,
    row.subject,
    row.facts,
    row.previous_hash,
  ]);
  return createHash('sha256').update(canonical).digest('hex');
}

/** Appends one line to the hash chain, in the transaction of the step it tells of: both happen or neither. */
export async function appendAudit(transaction: Transaction, entry: AuditEntry): Promise<void> {
  const head = await transaction.get<{ line: number; hash: string }>(
    'SELECT line, hash FROM audit ORDER BY line DESC LIMIT 1',
  );
  const row = {
    line: (head?.line ?? 0) + 1,
    at: Date.now(),
    person: entry.person,
    action: entry.action,
    subject: entry.subject,
    facts: JSON.stringify(entry.facts ?? {}),
    previous_hash: head?.hash ?? GENESIS,
  };
  await transaction.run(
    'INSERT INTO audit (line, at, person, action, subject, facts, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    [row.line, row.at, row.person, row.action, row.subject, row.facts, row.previous_hash, hashOf(row)],
  );
}

/** Lines for a person to read, newest first. */
export async function listAudit(reader: Reader, before: number | undefined, limit: number) {
  const rows = await reader.all<AuditRow>('SELECT * FROM audit WHERE line < ? ORDER BY line DESC LIMIT ?', [
    before ?? Number.MAX_SAFE_INTEGER,
    limit,
  ]);
  return rows.map((row) => ({
    ...row,
    facts: JSON.parse(row.facts) as Record<string, string | number | boolean | null>,
  }));
}
