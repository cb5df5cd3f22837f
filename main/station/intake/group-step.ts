import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { CaptureStage } from '../../../shared/domain/stages.ts';
import type { ItemKind, Metadata } from '../imaging/index.ts';
import { groupCaptures } from '../imaging/index.ts';
import type { Transaction } from '../store/index.ts';
import { recordEvidence } from '../evidence.ts';

/**
 * Items that may belong to one capture share this key: the base name, folded; an edited iPhone picture (IMG_E1234)
 * shares its original's, because the sidecar belongs to both.
 */
export function groupKeyOf(itemPath: string): string {
  const base = path.posix.basename(itemPath);
  const stem = base.replace(/\.[^.]*$/, '') || base;
  return stem.toLowerCase().replace(/^img_e(\d+)$/, 'img_$1');
}

interface GroupRow {
  id: string;
  path: string;
  stage: string;
  kind: ItemKind | null;
  capture_id: string | null;
  inspected_at: number | null;
  inspection: string | null;
  sha256: string | null;
  ended: number;
  live: number;
}

/** What `item.inspection` holds: the imaging answer without its pictures. */
export interface StoredInspection extends Metadata {
  readonly display: 'ok' | 'cannot';
  readonly reason: string | null;
  readonly damaged: boolean;
  readonly width: number | null;
  readonly height: number | null;
  readonly sharpnessScore: number | null;
}

/** Below this variance of the Laplacian a 320 px thumbnail has nothing sharp in it: shown as a badge, never acted on. */
const BLURRED_BELOW = 12;

/**
 * Makes captures of the items of one group key, once every one of them is at an end of reading and inspected. Called in
 * the transaction of the step that brought the last one there.
 */
export async function groupWhenReady(tx: Transaction, dockingId: string, groupKey: string): Promise<void> {
  const rows = await tx.all<GroupRow>(
    `SELECT i.id, i.path, i.stage, i.kind, i.capture_id, i.inspected_at, i.inspection, i.sha256, i.live,
            d.ended_at IS NOT NULL AS ended
     FROM item i JOIN docking d ON d.id = i.docking_id WHERE i.docking_id = ? AND i.group_key = ?`,
    [dockingId, groupKey],
  );
  const isOver = (row: GroupRow) =>
    row.stage === 'unreadable' ||
    row.stage === 'housekeeping' ||
    ((row.stage === 'proven' || (row.stage === 'sealed' && row.ended === 1)) && row.inspected_at !== null);
  if (!rows.every(isOver)) return;
  const isNew = (row: GroupRow) => row.inspected_at !== null && row.capture_id === null;
  if (!rows.some(isNew)) return;
  const earlier = await mayStillGrow(tx, rows);
  const members = rows.filter((row) => isNew(row) || (row.capture_id !== null && earlier.has(row.capture_id)));
  const inspections = new Map(members.map((row) => [row.id, JSON.parse(row.inspection!) as StoredInspection]));
  const groups = groupCaptures(
    members.map((row) => ({
      itemId: row.id,
      path: row.path,
      kind: row.kind ?? 'unknown',
      capturedAtLocal: inspections.get(row.id)!.capturedAt.local,
      cameraSerial: inspections.get(row.id)!.camera.serial,
    })),
  );
  for (const group of groups) {
    const [grown, ...merged] = capturesOf(members, group.itemIds);
    const isAsBefore = group.itemIds.every((id) => members.find((row) => row.id === id)?.capture_id === grown);
    if (grown !== undefined && isAsBefore) continue;
    const captureId = grown ?? randomUUID();
    const hashes = group.itemIds.map((id) => members.find((row) => row.id === id)!.sha256!);
    // What grows was looked for when it was made, and would find itself.
    const original = grown === undefined ? await findOriginal(tx, hashes) : null;
    const shown = inspections.get(group.primaryItemId)!;
    await tx.run(
      `INSERT INTO capture (id, docking_id, stage, kind, primary_item_id, created_at, captured_at, captured_offset, inspection,
                            display, display_reason, blurred, duplicate_of, rejected_reason, rejected_by, rejected_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, primary_item_id = excluded.primary_item_id,
         captured_at = excluded.captured_at, captured_offset = excluded.captured_offset, inspection = excluded.inspection,
         display = excluded.display, display_reason = excluded.display_reason, blurred = excluded.blurred`,
      [
        captureId,
        dockingId,
        original?.stage ?? 'unfiled',
        group.kind,
        group.primaryItemId,
        Date.now(),
        shown.capturedAt.local,
        shown.capturedAt.offset,
        JSON.stringify(shown),
        shown.display,
        shown.reason,
        shown.sharpnessScore !== null && shown.sharpnessScore < BLURRED_BELOW ? 1 : 0,
        original?.id ?? null,
        original?.rejected_reason ?? null,
        original?.rejected_by ?? null,
        original?.rejected_at ?? null,
      ],
    );
    for (const itemId of group.itemIds) {
      await tx.run('UPDATE item SET capture_id = ? WHERE id = ?', [captureId, itemId]);
    }
    for (const id of merged) await tx.run('DELETE FROM capture WHERE id = ?', [id]);
    if (original) {
      await recordEvidence(tx, {
        captureId,
        kind: 'content-identical',
        ok: true,
        facts: { capture: original.id, items: hashes.length },
      });
    }
  }
}

/**
 * Captures of this group that another file may still join: a camera announces a JPEG and its RAW one after the other, and the first one is
 * shown at once. Only while nothing was decided about them; on a card everything is listed before anything is grouped.
 */
async function mayStillGrow(tx: Transaction, rows: readonly GroupRow[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(rows.flatMap((row) => (row.live === 1 && row.capture_id !== null ? [row.capture_id] : [])))];
  const open: string[] = [];
  for (const id of ids) {
    const isOpen = await tx.get(
      `SELECT 1 FROM capture c WHERE c.id = ? AND c.stage = 'unfiled' AND c.duplicate_of IS NULL
         AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.capture_id = c.id)
         AND NOT EXISTS (SELECT 1 FROM instance n WHERE n.capture_id = c.id)
         AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.capture_id = c.id)
         AND NOT EXISTS (SELECT 1 FROM capture o WHERE o.duplicate_of = c.id)`,
      [id],
    );
    if (isOpen) open.push(id);
  }
  return new Set(open);
}

/** Captures that these items belong to already. */
function capturesOf(members: readonly GroupRow[], itemIds: readonly string[]): string[] {
  const ids = members.flatMap((row) => (itemIds.includes(row.id) && row.capture_id !== null ? [row.capture_id] : []));
  return [...new Set(ids)];
}

interface OriginalRow {
  id: string;
  stage: CaptureStage;
  rejected_reason: string | null;
  rejected_by: string | null;
  rejected_at: number | null;
}

/** The earlier capture that holds every one of these contents, if there is one. */
async function findOriginal(tx: Transaction, hashes: readonly string[]): Promise<OriginalRow | null> {
  const candidates = await tx.all<{ id: string }>(
    `SELECT DISTINCT coalesce(c.duplicate_of, c.id) AS id FROM item i JOIN capture c ON c.id = i.capture_id
     WHERE i.sha256 = ?`,
    [hashes[0]!],
  );
  for (const { id } of candidates) {
    const held = await tx.all<{ sha256: string }>('SELECT sha256 FROM item WHERE capture_id = ?', [id]);
    const known = new Set(held.map((row) => row.sha256));
    if (hashes.every((hash) => known.has(hash))) {
      const row = await tx.get<OriginalRow>('SELECT * FROM capture WHERE id = ?', [id]);
      if (row) return row;
    }
  }
  return null;
}
