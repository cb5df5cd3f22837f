import path from 'node:path';
import type { CaptureDetail, CaptureView, EvidenceView, ItemView } from '../../../shared/contract.ts';
import type { RejectReason, KeepReason } from '../../../shared/domain/reasons.ts';
import type { MediumKind } from '../../../shared/domain/media.ts';
import type { CaptureKind, CaptureStage, ItemStage, OnMedium } from '../../../shared/domain/stages.ts';
import type { Laterality } from '../../../shared/domain/terminology.ts';
import type { WorklistEntry } from '../../../shared/domain/worklist.ts';
import type { Holds } from '../holds/index.ts';
import { heldSql } from '../holds/index.ts';
import type { StoredInspection } from '../intake/index.ts';
import type { PhonesMayBeErased } from '../release/index.ts';
import type { Reader, SqlValue } from '../store/index.ts';
import { patientView } from './patient.ts';
import { erasing, strip } from './strip.ts';

interface CaptureRow {
  id: string;
  docking_id: string;
  stage: CaptureStage;
  kind: CaptureKind;
  medium_kind: MediumKind;
  medium_managed: number;
  path: string;
  modified_at: number;
  item_count: number;
  bytes: number;
  sealed: number;
  proven: number;
  absent: number;
  unverified: number;
  captured_at: string | null;
  captured_offset: string | null;
  inspection: string;
  display: 'ok' | 'cannot';
  display_reason: string | null;
  blurred: number;
  duplicate_of: string | null;
  original_stage: CaptureStage;
  worklist_item_id: string | null;
  worklist_entry: string | null;
  region_scheme: string | null;
  region_code: string | null;
  region_meaning: string | null;
  laterality: Laterality | null;
  view: string | null;
  burned_in: number | null;
  recognizable: number | null;
  filed_by: string | null;
  filed_at: number | null;
  rejected_reason: RejectReason | null;
  rejected_by: string | null;
  rejected_at: number | null;
  held: number;
  shredded_at: number | null;
  instance_state: string | null;
  attempts: number | null;
  next_attempt_at: number | null;
  last_code: string | null;
  sop_instance_uid: string | null;
  series_instance_uid: string | null;
  study_instance_uid: string | null;
}

const SELECT = `
  SELECT c.id, c.docking_id, c.stage, c.kind, c.captured_at, c.captured_offset, c.inspection, c.display, c.display_reason, c.blurred,
         c.duplicate_of, o.stage AS original_stage,
         m.kind AS medium_kind, m.managed AS medium_managed, p.path, p.modified_at,
         o.worklist_item_id, o.worklist_entry, o.region_scheme, o.region_code, o.region_meaning, o.laterality, o.view,
         o.burned_in, o.recognizable, f.display_name AS filed_by, o.filed_at,
         o.rejected_reason, r.display_name AS rejected_by, o.rejected_at,
         (${heldSql('c.id')} OR ${heldSql('c.duplicate_of')}) AS held, p.shredded_at,
         count(i.id) AS item_count, sum(i.size) AS bytes, sum(i.stage IN ('sealed', 'proven')) AS sealed,
         sum(i.stage = 'proven') AS proven, sum(i.on_medium = 'absent') AS absent, sum(i.on_medium = 'erase-unverified') AS unverified,
         n.state AS instance_state, n.attempts, n.next_attempt_at, n.last_code, n.sop_instance_uid, n.series_instance_uid,
         n.study_instance_uid
  FROM capture c
  JOIN docking d ON d.id = c.docking_id
  JOIN medium m ON m.id = d.medium_id
  JOIN capture o ON o.id = coalesce(c.duplicate_of, c.id)
  JOIN item p ON p.id = c.primary_item_id
  JOIN item i ON i.capture_id = c.id
  LEFT JOIN person f ON f.id = o.filed_by
  LEFT JOIN person r ON r.id = o.rejected_by
  LEFT JOIN instance n ON n.capture_id = o.id`;

export interface CapturesViewOptions {
  readonly reader: Reader;
  readonly holds: Holds;
  readonly commitmentOffered: boolean;
  readonly phonesMayBeErased: PhonesMayBeErased;
  readonly sessionGapMinutes: number;
}

/** Captures as the contact sheet, the command line and the drawers show them. */
export class CapturesView {
  readonly #options: CapturesViewOptions;

  constructor(options: CapturesViewOptions) {
    this.#options = options;
  }

  async list(filter: { dockingId?: string | undefined; stage?: CaptureStage | undefined }): Promise<CaptureView[]> {
    const where: string[] = [];
    const parameters: SqlValue[] = [];
    if (filter.dockingId !== undefined) {
      where.push('c.docking_id = ?');
      parameters.push(filter.dockingId);
    }
    if (filter.stage !== undefined) {
      where.push('c.stage = ?');
      parameters.push(filter.stage);
    }
    const rows = await this.#options.reader.all<CaptureRow>(
      `${SELECT} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} GROUP BY c.id ORDER BY c.docking_id, p.position`,
      parameters,
    );
    return withSessions(rows, this.#options.sessionGapMinutes).map(({ row, session }) => this.#view(row, session));
  }

  async get(captureId: string): Promise<CaptureDetail | null> {
    const { reader } = this.#options;
    const row = await reader.get<CaptureRow>(`${SELECT} WHERE c.id = ? GROUP BY c.id`, [captureId]);
    if (!row) return null;
    const items = await reader.all<{
      id: string;
      path: string;
      kind: string | null;
      size: number;
      stage: ItemStage;
      on_medium: OnMedium;
      kept_because: string;
      sha256: string | null;
      code: string | null;
    }>('SELECT * FROM item WHERE capture_id = ? ORDER BY position', [captureId]);
    const evidence = await reader.all<{ item_id: string | null; kind: string; at: number; ok: number; facts: string }>(
      `SELECT item_id, kind, at, ok, facts FROM evidence
       WHERE item_id IN (SELECT id FROM item WHERE capture_id = ?) OR capture_id IN (?, ?) ORDER BY id`,
      [captureId, captureId, row.duplicate_of ?? captureId],
    );
    const nameOf = new Map(items.map((item) => [item.id, path.posix.basename(item.path)]));
    const toItem = (item: (typeof items)[number]): ItemView => ({
      id: item.id,
      name: path.posix.basename(item.path),
      kind: item.kind ?? 'unknown',
      bytes: item.size,
      stage: item.stage,
      onMedium: item.on_medium,
      keptBecause: JSON.parse(item.kept_because) as KeepReason[],
      sha256: item.sha256,
      code: item.code,
    });
    const toEvidence = (one: (typeof evidence)[number]): EvidenceView => ({
      kind: one.kind,
      at: one.at,
      ok: one.ok === 1,
      subject: (one.item_id === null ? row.sop_instance_uid : nameOf.get(one.item_id)) ?? '',
      facts: JSON.parse(one.facts) as EvidenceView['facts'],
    });
    return {
      ...this.#view(row, 1),
      items: items.map(toItem),
      holds: row.held === 1 ? await this.#options.holds.ofCapture(captureId) : [],
      evidence: evidence.map(toEvidence),
      sopInstanceUid: row.sop_instance_uid,
      seriesInstanceUid: row.series_instance_uid,
      studyInstanceUid: row.study_instance_uid,
    };
  }

  #view(row: CaptureRow, session: number): CaptureView {
    const inspection = JSON.parse(row.inspection) as StoredInspection;
    const { make, model } = inspection.camera;
    const camera =
      model && make && model.toLowerCase().startsWith(make.toLowerCase())
        ? model
        : [make, model].filter(Boolean).join(' ');
    const stuck = row.last_code !== null && row.instance_state !== 'confirmed';
    return {
      id: row.id,
      dockingId: row.docking_id,
      stage: row.stage,
      kind: row.kind,
      name: path.posix.basename(row.path),
      itemCount: row.item_count,
      bytes: row.bytes,
      session,
      capturedAt: row.captured_at,
      capturedOffset: row.captured_offset,
      width: inspection.width,
      height: inspection.height,
      camera: camera || null,
      display: row.display,
      displayReason: row.display_reason,
      blurred: row.blurred === 1,
      duplicate: row.duplicate_of === null ? null : { captureId: row.duplicate_of, stage: row.original_stage },
      filing:
        row.worklist_entry === null || row.filed_at === null
          ? null
          : {
              worklistItemId: row.worklist_item_id!,
              patient: patientView(JSON.parse(row.worklist_entry) as WorklistEntry),
              accessionNumber: (JSON.parse(row.worklist_entry) as WorklistEntry).accessionNumber,
              region: { scheme: row.region_scheme!, code: row.region_code!, meaning: row.region_meaning! },
              laterality: row.laterality,
              view: row.view,
              burnedIn: row.burned_in === 1,
              recognizable: row.recognizable === 1,
              filedBy: row.filed_by ?? '',
              filedAt: row.filed_at,
            },
      rejected:
        row.rejected_reason === null
          ? null
          : { reason: row.rejected_reason, by: row.rejected_by ?? '', at: row.rejected_at ?? 0 },
      shreddedAt: row.shredded_at,
      held: row.held === 1,
      stuck: stuck ? { code: row.last_code!, attempts: row.attempts ?? 0, nextAttemptAt: row.next_attempt_at } : null,
      strip: this.#strip(row),
    };
  }

  #strip(row: CaptureRow) {
    const { commitmentOffered } = this.#options;
    const at = (...states: string[]) => (row.instance_state !== null && states.includes(row.instance_state) ? 1 : 0);
    const code = (...states: string[]) => (row.last_code !== null && at(...states) === 1 ? row.last_code : null);
    const filed = row.stage !== 'unfiled' && row.stage !== 'rejected';
    const total = row.item_count;
    return strip(
      {
        read: { done: row.sealed, total },
        sealed: { done: row.sealed, total },
        're-read': { done: row.proven, total },
        filed: { done: filed ? 1 : 0, total: 1, at: row.filed_at },
        delivered: {
          done: at('stored', 'committed', 'confirmed'),
          total: 1,
          doing: at('planned', 'built') === 1,
          code: code('planned', 'built'),
        },
        committed: {
          done: at('committed', 'confirmed'),
          total: 1,
          doing: at('stored') === 1,
          code: commitmentOffered ? code('stored') : null,
        },
        'read-back': {
          done: at('confirmed'),
          total: 1,
          doing: at(commitmentOffered ? 'committed' : 'stored') === 1,
          code: code(commitmentOffered ? 'committed' : 'stored'),
        },
        erased: {
          done: row.absent,
          total,
          ...erasing(
            { kind: row.medium_kind, managed: row.medium_managed },
            this.#options.phonesMayBeErased,
            row.absent,
          ),
          ...(row.unverified > 0 && { code: 'erase-unverified' }),
        },
      },
      commitmentOffered,
    );
  }
}

/** Numbers the sessions of each docking: a new one after every gap in the camera's time (or the file's, where it has none). */
function withSessions(rows: readonly CaptureRow[], gapMinutes: number): { row: CaptureRow; session: number }[] {
  const timeOf = (row: CaptureRow) => {
    const camera = row.captured_at === null ? Number.NaN : Date.parse(`${row.captured_at}Z`);
    return Number.isNaN(camera) ? row.modified_at : camera;
  };
  const sessions = new Map<string, number>();
  for (const group of Map.groupBy(rows, (row) => row.docking_id).values()) {
    let session = 1;
    let before: number | null = null;
    for (const row of group.toSorted((a, b) => timeOf(a) - timeOf(b))) {
      const time = timeOf(row);
      if (before !== null && time - before > gapMinutes * 60_000) session += 1;
      sessions.set(row.id, session);
      before = time;
    }
  }
  return rows.map((row) => ({ row, session: sessions.get(row.id)! }));
}
