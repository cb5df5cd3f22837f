import type { ClockReading, MediumRecord, MediumStory } from '../../../shared/contract/media.ts';
import type { Reader } from '../store/index.ts';
import { LEFT_COLUMNS, leftView } from './left.ts';
import type { LeftRow } from './left.ts';
import { loansOf, loanView, openLoans } from './loans.ts';
import type { LoanRow } from './loans.ts';

/** How many readings of a device's clock are told. */
const CLOCK_READINGS = 10;
/** How many dockings of one medium are told. */
const DOCKINGS_TOLD = 50;

interface MediumRow {
  id: string;
  kind: MediumRecord['kind'];
  label: string;
  name: string | null;
  maker: string | null;
  model: string | null;
  serial: string | null;
  owner_unit: string | null;
  managed: number;
  note: string | null;
  size_bytes: number | null;
  approved_at: number | null;
  approved_by: string | null;
  retired_at: number | null;
  first_docked_at: number;
}

interface DockingRow extends LeftRow {
  id: string;
  medium_id: string;
  started_at: number;
  by: string | null;
  clock_offset_ms: number | null;
  awaits_approval: number;
}

interface EndsRow {
  medium_id: string;
  dockings: number;
  first_by: string | null;
}

const MEDIUM = `
  SELECT m.id, m.kind, m.label, m.name, m.maker, m.model, m.serial, m.owner_unit, m.managed, m.note, m.size_bytes, m.approved_at,
         a.display_name AS approved_by, m.retired_at, m.first_docked_at
  FROM medium m LEFT JOIN person a ON a.id = m.approved_by`;
const DOCKING = `
  SELECT d.id, d.medium_id, d.started_at, q.display_name AS by, d.clock_offset_ms, d.awaits_approval, ${LEFT_COLUMNS}
  FROM docking d LEFT JOIN person q ON q.id = d.person_id LEFT JOIN item i ON i.docking_id = d.id`;
const IS_LAST = `d.id = (SELECT id FROM docking WHERE medium_id = d.medium_id ORDER BY started_at DESC, rowid DESC LIMIT 1)`;
const ENDS = `
  SELECT d.medium_id, count(*) AS dockings,
         (SELECT q.display_name FROM docking f LEFT JOIN person q ON q.id = f.person_id
          WHERE f.medium_id = d.medium_id ORDER BY f.started_at, f.rowid LIMIT 1) AS first_by
  FROM docking d`;
const CLOCK = `SELECT medium_id, started_at, clock_offset_ms FROM docking WHERE clock_offset_ms IS NOT NULL`;

interface ClockRow {
  medium_id: string;
  started_at: number;
  clock_offset_ms: number;
}

/** Every medium that was ever docked, what was docked last first. @param now the station's clock, ms */
export async function readMedia(reader: Reader, now: number): Promise<MediumRecord[]> {
  const media = await reader.all<MediumRow>(MEDIUM);
  const last = byMedium(await reader.all<DockingRow>(`${DOCKING} WHERE ${IS_LAST} GROUP BY d.id`));
  const ends = byMedium(await reader.all<EndsRow>(`${ENDS} GROUP BY d.medium_id`));
  const loans = byMedium(await openLoans(reader));
  const clocks = Map.groupBy(
    await reader.all<ClockRow>(`${CLOCK} ORDER BY started_at DESC LIMIT 20000`),
    (row) => row.medium_id,
  );
  const records = media.map((row) =>
    record(row, { last: last.get(row.id), ends: ends.get(row.id), loan: loans.get(row.id), now }, clocks.get(row.id)),
  );
  return records.toSorted((one, other) => (other.lastDockedAt ?? 0) - (one.lastDockedAt ?? 0));
}

/** One medium with its dockings and loans; null when there is none. */
export async function readStory(reader: Reader, mediumId: string, now: number): Promise<MediumStory | null> {
  const row = await reader.get<MediumRow>(`${MEDIUM} WHERE m.id = ?`, [mediumId]);
  if (!row) return null;
  const dockings = await reader.all<DockingRow>(
    `${DOCKING} WHERE d.medium_id = ? GROUP BY d.id ORDER BY d.started_at DESC, d.rowid DESC LIMIT ?`,
    [mediumId, DOCKINGS_TOLD],
  );
  const ends = await reader.get<EndsRow>(`${ENDS} WHERE d.medium_id = ? GROUP BY d.medium_id`, [mediumId]);
  const loans = await loansOf(reader, mediumId);
  const clock = await reader.all<ClockRow>(`${CLOCK} AND medium_id = ? ORDER BY started_at DESC LIMIT ?`, [
    mediumId,
    CLOCK_READINGS,
  ]);
  const loan = loans.find((one) => one.returned_at === null);
  return {
    medium: record(row, { last: dockings[0], ends, loan, now }, clock),
    dockings: dockings.map((one) => ({
      id: one.id,
      startedAt: one.started_at,
      endedAt: one.ended_at,
      by: one.by,
      items: one.items,
      left: leftView(one),
      clockOffsetMs: one.clock_offset_ms,
    })),
    loans: loans.map((one) => loanView(one, now)),
  };
}

interface Known {
  readonly last: DockingRow | undefined;
  readonly ends: EndsRow | undefined;
  readonly loan: LoanRow | undefined;
  readonly now: number;
}

function record(row: MediumRow, { last, ends, loan, now }: Known, clock: readonly ClockRow[] = []): MediumRecord {
  const nothingSeen = { present: 0, kept: 0, eraseUnverified: 0, unread: 0, clear: false, unknownSince: null };
  return {
    id: row.id,
    kind: row.kind,
    label: row.label,
    name: row.name,
    maker: row.maker,
    model: row.model,
    serial: row.serial,
    ownerUnit: row.owner_unit,
    managed: row.managed === 1,
    note: row.note,
    sizeBytes: row.size_bytes,
    approved: row.approved_at === null ? null : { at: row.approved_at, by: row.approved_by },
    awaitingDockingId: last?.awaits_approval === 1 && last.ended_at === null ? last.id : null,
    retiredAt: row.retired_at,
    dockings: ends?.dockings ?? 0,
    firstDockedAt: row.first_docked_at,
    firstDockedBy: ends?.first_by ?? null,
    lastDockedAt: last?.started_at ?? null,
    lastDockedBy: last?.by ?? null,
    dockedNow: last !== undefined && last.ended_at === null,
    left: last ? leftView(last) : nothingSeen,
    clock: clock.slice(0, CLOCK_READINGS).map(readingOf),
    loan: loan ? loanView(loan, now) : null,
  };
}

const readingOf = (row: ClockRow): ClockReading => ({ at: row.started_at, offsetMs: row.clock_offset_ms });

function byMedium<R extends { readonly medium_id: string }>(rows: readonly R[]): Map<string, R> {
  return new Map(rows.map((row) => [row.medium_id, row]));
}
