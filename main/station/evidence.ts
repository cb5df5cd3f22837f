import type { Transaction } from './store/index.ts';

/** The kinds of evidence (DESIGN.md, words): one recorded fact about custody each. */
export type EvidenceKind =
  | 'source-hash'
  | 'second-read'
  | 'unsealed-hash'
  | 'read-failed'
  | 'store-status'
  | 'commitment'
  | 'read-back'
  | 'content-identical'
  | 'object-same'
  | 'erased'
  | 'checked-absent'
  | 'shredded';

export interface Evidence {
  readonly itemId?: string;
  readonly captureId?: string;
  readonly kind: EvidenceKind;
  readonly ok: boolean;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

/** Records evidence in the transaction of the step that found it. */
export async function recordEvidence(transaction: Transaction, evidence: Evidence): Promise<void> {
  await transaction.run('INSERT INTO evidence (item_id, capture_id, kind, ok, at, facts) VALUES (?, ?, ?, ?, ?, ?)', [
    evidence.itemId ?? null,
    evidence.captureId ?? null,
    evidence.kind,
    evidence.ok ? 1 : 0,
    Date.now(),
    JSON.stringify(evidence.facts),
  ]);
}
