import path from 'node:path';
import type { ReviewRow } from '../../../shared/contract.ts';
import type { WorklistEntry } from '../../../shared/domain/worklist.ts';
import { NOT_LISTED } from '../intake/index.ts';
import { openMatters } from '../media/index.ts';
import type { Holds } from '../holds/index.ts';
import type { Reader } from '../store/index.ts';
import { patientView } from './patient.ts';

interface Row {
  capture_id: string | null;
  docking_id: string;
  item_id: string | null;
  list: ReviewRow['list'];
  path: string;
  label: string;
  since: number;
  code: string | null;
  attempts: number | null;
  next_attempt_at: number | null;
  docked_by: string | null;
  worklist_entry: string | null;
}

/** What a lead has to see: unfiled, stuck, held, rejected, not erased, unreadable or not even listed, undecided, media that
 * are not back or not let in; the oldest first. */
export async function reviewRows(
  reader: Reader,
  holds: Holds,
  sealTrouble: ReadonlyMap<string, string>,
): Promise<ReviewRow[]> {
  const rows = await reader.all<Row>(`
    SELECT c.id AS capture_id, c.docking_id, NULL AS item_id,
           CASE WHEN c.stage = 'rejected' THEN 'rejected'
                WHEN c.stage = 'unfiled' AND c.kind = 'other' THEN 'undecided'
                WHEN c.stage = 'unfiled' THEN 'unfiled' ELSE 'stuck' END AS list,
           p.path, m.label, CASE c.stage WHEN 'rejected' THEN c.rejected_at WHEN 'unfiled' THEN d.started_at ELSE c.filed_at END AS since,
           CASE WHEN c.stage = 'rejected' THEN c.rejected_reason
                WHEN c.stage = 'unfiled' AND c.display = 'cannot' THEN c.display_reason ELSE n.last_code END AS code,
           n.attempts, n.next_attempt_at, q.display_name AS docked_by, c.worklist_entry
    FROM capture c JOIN item p ON p.id = c.primary_item_id JOIN docking d ON d.id = c.docking_id
    JOIN medium m ON m.id = d.medium_id LEFT JOIN person q ON q.id = d.person_id LEFT JOIN instance n ON n.capture_id = c.id
    WHERE c.duplicate_of IS NULL AND (c.stage IN ('unfiled', 'rejected')
       OR (c.stage IN ('filed', 'delivered') AND n.last_code IS NOT NULL))
    UNION ALL
    SELECT i.capture_id, i.docking_id, i.id,
           CASE WHEN i.stage = 'unreadable' THEN 'unreadable' ELSE 'not-erased' END,
           i.path, m.label, coalesce(i.erase_ordered_at, d.started_at),
           CASE WHEN i.stage = 'unreadable' THEN i.code WHEN i.on_medium = 'erase-unverified' THEN 'erase-unverified'
                WHEN i.on_medium = 'present' THEN i.code ELSE json_extract(i.kept_because, '$[0]') END,
           NULL, NULL, q.display_name, NULL
    FROM item i JOIN docking d ON d.id = i.docking_id JOIN medium m ON m.id = d.medium_id
    LEFT JOIN person q ON q.id = d.person_id
    WHERE i.stage = 'unreadable' OR i.on_medium = 'erase-unverified'
       OR (i.on_medium = 'kept' AND i.stage != 'housekeeping')
       OR (i.code = 'came-back' AND i.on_medium = 'present' AND d.ended_at IS NULL)
    UNION ALL
    SELECT NULL, n.docking_id, NULL, 'unreadable', n.path, m.label, coalesce(d.listed_at, d.started_at), n.what,
           NULL, NULL, q.display_name, NULL
    FROM not_followed n JOIN docking d ON d.id = n.docking_id JOIN medium m ON m.id = d.medium_id
    LEFT JOIN person q ON q.id = d.person_id
    WHERE n.what IN (${NOT_LISTED.map((what) => `'${what}'`).join(', ')})
    ORDER BY since LIMIT 5000`);
  const held = (await holds.list(false)).map((hold) => ({
    captureId: hold.captureId,
    dockingId: hold.dockingId,
    itemId: null,
    list: 'held' as const,
    name: hold.name,
    mediumLabel: hold.mediumLabel,
    since: hold.placedAt,
    code: 'hold',
    attempts: 0,
    nextAttemptAt: null,
    dockedBy: null,
    patient: null,
    hold,
    medium: null,
  }));
  const damaged = await damagedRows(reader, sealTrouble);
  const open = [...damaged, ...rows].map((row) => ({
    captureId: row.capture_id,
    dockingId: row.docking_id,
    itemId: row.item_id,
    list: row.list,
    name: path.posix.basename(row.path),
    mediumLabel: row.label,
    since: row.since,
    code: row.code,
    attempts: row.attempts ?? 0,
    nextAttemptAt: row.next_attempt_at,
    dockedBy: row.docked_by,
    patient: row.worklist_entry === null ? null : patientView(JSON.parse(row.worklist_entry) as WorklistEntry),
    hold: null,
    medium: null,
  }));
  const media = (await openMatters(reader, Date.now())).map((matter) => ({
    captureId: null,
    dockingId: matter.docking_id,
    itemId: null,
    list: matter.list,
    name: matter.name,
    mediumLabel: matter.label,
    since: matter.since,
    code: null,
    attempts: 0,
    nextAttemptAt: null,
    dockedBy: matter.acted_by,
    patient: null,
    hold: null,
    medium: { id: matter.medium_id, ownerUnit: matter.owner_unit, borrower: matter.borrower, dueAt: matter.due_at },
  }));
  return [...held, ...media, ...open];
}

/** Items and pictures whose sealed file is known to be missing or damaged: nothing presses more. */
async function damagedRows(reader: Reader, sealTrouble: ReadonlyMap<string, string>): Promise<Row[]> {
  if (sealTrouble.size === 0) return [];
  const ids = JSON.stringify([...sealTrouble.keys()]);
  const rows = await reader.all<Row & { sealed_id: string }>(
    `SELECT i.capture_id, i.docking_id, i.id AS item_id, 'damaged' AS list, i.path, m.label, d.started_at AS since, NULL AS code,
            NULL AS attempts, NULL AS next_attempt_at, q.display_name AS docked_by, c.worklist_entry, s.id AS sealed_id
     FROM (SELECT id, id AS item_id FROM item WHERE id IN (SELECT value FROM json_each(?))
           UNION ALL SELECT n.id, k.primary_item_id FROM instance n JOIN capture k ON k.id = n.capture_id
           WHERE n.state != 'confirmed' AND n.id IN (SELECT value FROM json_each(?))) s
     JOIN item i ON i.id = s.item_id JOIN docking d ON d.id = i.docking_id JOIN medium m ON m.id = d.medium_id
     LEFT JOIN person q ON q.id = d.person_id LEFT JOIN capture c ON c.id = i.capture_id
     ORDER BY since LIMIT 5000`,
    [ids, ids],
  );
  return rows.map((row) => ({ ...row, code: sealTrouble.get(row.sealed_id) ?? null }));
}
