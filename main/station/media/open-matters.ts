import type { Reader } from '../store/index.ts';

/** A medium about which somebody has to do something. */
export interface OpenMatter {
  readonly list: 'not-returned' | 'needs-approval';
  readonly medium_id: string;
  /** Its last docking. */
  readonly docking_id: string;
  readonly name: string;
  readonly label: string;
  readonly owner_unit: string | null;
  readonly since: number;
  /** Who lent it; who docked what waits for a lead. */
  readonly acted_by: string | null;
  readonly borrower: string | null;
  readonly due_at: number | null;
}

/**
 * Media that are lent and not back when they were due, and media that wait for a lead. Retired ones are nobody's matter any more.
 * @param now the station's clock, ms
 */
export function openMatters(reader: Reader, now: number): Promise<OpenMatter[]> {
  return reader.all<OpenMatter>(
    `SELECT CASE WHEN l.id IS NULL THEN 'needs-approval' ELSE 'not-returned' END AS list, m.id AS medium_id, d.id AS docking_id,
            coalesce(m.name, nullif(m.label, ''), m.model, m.kind) AS name, m.label, m.owner_unit,
            coalesce(l.lent_at, d.started_at) AS since, CASE WHEN l.id IS NULL THEN q.display_name ELSE b.display_name END AS acted_by, l.borrower, l.due_at
     FROM medium m
     JOIN docking d ON d.id = (SELECT id FROM docking WHERE medium_id = m.id ORDER BY started_at DESC, rowid DESC LIMIT 1)
     LEFT JOIN person q ON q.id = d.person_id
     LEFT JOIN loan l ON l.medium_id = m.id AND l.returned_at IS NULL AND l.due_at < ?
     LEFT JOIN person b ON b.id = l.lent_by
     WHERE m.retired_at IS NULL AND (l.id IS NOT NULL OR (m.approved_at IS NULL AND d.awaits_approval = 1))
     ORDER BY since LIMIT 2000`,
    [now],
  );
}
