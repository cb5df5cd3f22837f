import type { Policy } from '../config/index.ts';
import { heldSql } from '../holds/index.ts';
import type { Reader, SqlValue } from '../store/index.ts';

export type RetentionPolicy = Pick<Policy, 'retentionDays' | 'originalsMayBeShredded' | 'rejectedMayBeShredded'>;

/**
 * SQL: captures whose retention is over, each named by its original. A capture and its content-identical copies are one: all
 * of them must be over, none held, nothing of them being erased or not checked absent, and no medium of theirs still
 * docked with it.
 */
const DUE = `
  SELECT DISTINCT o.id FROM capture m JOIN capture o ON o.id = coalesce(m.duplicate_of, m.id)
  WHERE m.retention_day <= (SELECT max(number) FROM station_day) - ?
    AND (m.shredded_at IS NULL OR (? = 1 AND m.shred_kept > 0))
    AND ((o.stage = 'confirmed' AND EXISTS (SELECT 1 FROM instance n WHERE n.capture_id = o.id AND n.state = 'confirmed'))
      OR (? = 1 AND o.stage = 'rejected'))
    AND NOT EXISTS (
      SELECT 1 FROM capture f WHERE (f.id = o.id OR f.duplicate_of = o.id)
        AND (f.retention_day IS NULL OR f.retention_day > (SELECT max(number) FROM station_day) - ?
          OR EXISTS (SELECT 1 FROM item i JOIN docking d ON d.id = i.docking_id WHERE i.capture_id = f.id
                     AND (i.on_medium IN ('erasing', 'erase-unverified') OR (i.on_medium != 'absent' AND d.ended_at IS NULL)))
          OR ${heldSql('f.id')}))`;

const parametersOf = (policy: RetentionPolicy): SqlValue[] => [
  policy.retentionDays,
  policy.originalsMayBeShredded ? 1 : 0,
  policy.rejectedMayBeShredded ? 1 : 0,
  policy.retentionDays,
];

/** Ids of original captures whose sealed bytes may go now. */
export async function findDue(reader: Reader, policy: RetentionPolicy, limit: number): Promise<string[]> {
  const rows = await reader.all<{ id: string }>(`${DUE} ORDER BY m.retention_day LIMIT ?`, [
    ...parametersOf(policy),
    limit,
  ]);
  return rows.map((row) => row.id);
}

/** Whether this one is (still) due. */
export async function isDue(reader: Reader, policy: RetentionPolicy, captureId: string): Promise<boolean> {
  return (await reader.get(`${DUE} AND o.id = ?`, [...parametersOf(policy), captureId])) !== undefined;
}
