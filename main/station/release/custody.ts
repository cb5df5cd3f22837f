import { heldSql } from '../holds/index.ts';
import type { Reader } from '../store/index.ts';
import type { CustodyRow } from './custody-row.ts';
import { captureEvidence, companionsOf, itemEvidence } from './custody-row.ts';
import type { Verdict } from './gate.ts';
import { mayErase } from './gate.ts';
import type { ErasePolicy } from './original-may-leave.ts';

const LATEST = (kind: string) =>
  `(SELECT e.ok FROM evidence e WHERE e.capture_id = o.id AND e.kind = '${kind}' ORDER BY e.id DESC LIMIT 1)`;

const SQL = `
  SELECT i.id, i.docking_id, i.path, i.path_bytes, i.size, i.modified_at, i.kind, i.stage, i.on_medium, i.group_key, i.sha256,
         i.second_sha256, i.unsealed_sha256, i.unlinked_at, i.capture_id, c.stage AS capture_stage, c.primary_item_id,
         (i.id = o.primary_item_id OR i.sha256 = (SELECT p.sha256 FROM item p WHERE p.id = o.primary_item_id)) AS is_record,
         (${heldSql('c.id')} OR ${heldSql('c.duplicate_of')}) AS held,
         n.derivation, n.state AS instance_state,
         ${LATEST('store-status')} AS store_ok, ${LATEST('commitment')} AS commitment_ok, ${LATEST('read-back')} AS read_back_ok
  FROM item i
  LEFT JOIN capture c ON c.id = i.capture_id
  LEFT JOIN capture o ON o.id = coalesce(c.duplicate_of, c.id)
  LEFT JOIN instance n ON n.capture_id = o.id`;

/** All items of a docking, or of one group of it, with their custody. */
export function readCustody(reader: Reader, dockingId: string, groupKey?: string): Promise<CustodyRow[]> {
  return groupKey === undefined
    ? reader.all<CustodyRow>(`${SQL} WHERE i.docking_id = ? ORDER BY i.position`, [dockingId])
    : reader.all<CustodyRow>(`${SQL} WHERE i.docking_id = ? AND i.group_key = ? ORDER BY i.position`, [
        dockingId,
        groupKey,
      ]);
}

/**
 * Only what the gate could let go at all, with what could hold it back: a lane asks this several times a second, and a
 * card of thousands of unfiled pictures must not be read for it each time.
 */
export function readErasable(reader: Reader, dockingId: string): Promise<CustodyRow[]> {
  return reader.all<CustodyRow>(
    `${SQL} WHERE i.docking_id = ? AND (c.stage IN ('confirmed', 'rejected') OR i.stage = 'unreadable') ORDER BY i.position`,
    [dockingId],
  );
}

/** The gate's answer for every item of a docking, taking each object on the medium as it was last seen. */
export function judgeAll(
  rows: readonly CustodyRow[],
  policy: ErasePolicy,
  commitmentOffered: boolean,
): { row: CustodyRow; verdict: Verdict }[] {
  const seen = (row: CustodyRow) => (row.on_medium === 'absent' ? ('missing' as const) : ('same' as const));
  const byGroup = Map.groupBy(rows, (row) => row.group_key);
  return rows.map((row) => ({
    row,
    verdict: mayErase(
      itemEvidence(row, seen(row), policy),
      captureEvidence(row, commitmentOffered, policy),
      companionsOf(row, byGroup.get(row.group_key) ?? []).map((other) => itemEvidence(other, seen(other), policy)),
    ),
  }));
}
