import type { CaptureStage, ItemStage, OnMedium } from '../../../shared/domain/stages.ts';
import { heldSql } from '../holds/index.ts';
import type { ItemKind } from '../imaging/index.ts';
import { isPicture, isRaw, isSidecar, isVideo } from '../imaging/index.ts';
import type { Reader } from '../store/index.ts';
import type { CaptureCustody, ErasePolicy, ItemCustody, ItemRole, Verdict } from './gate.ts';
import { mayErase } from './gate.ts';

/** One item with everything the gate wants to know, as the store has it. */
export interface CustodyRow {
  readonly id: string;
  readonly docking_id: string;
  readonly path: string;
  readonly path_bytes: Uint8Array | null;
  readonly size: number;
  readonly kind: ItemKind | null;
  readonly stage: ItemStage;
  readonly on_medium: OnMedium;
  readonly group_key: string;
  readonly sha256: string | null;
  readonly second_sha256: string | null;
  readonly unsealed_sha256: string | null;
  readonly unlinked_at: number | null;
  readonly capture_id: string | null;
  readonly capture_stage: CaptureStage | null;
  readonly primary_item_id: string | null;
  readonly held: number;
  readonly derivation: string | null;
  readonly instance_state: string | null;
  readonly store_outcome: string | null;
  readonly store_ok: number | null;
  readonly commitment_ok: number | null;
  readonly read_back_ok: number | null;
}

const LATEST = (kind: string, column: string) =>
  `(SELECT ${column} FROM evidence e WHERE e.capture_id = o.id AND e.kind = '${kind}' ORDER BY e.id DESC LIMIT 1)`;

const SQL = `
  SELECT i.id, i.docking_id, i.path, i.path_bytes, i.size, i.kind, i.stage, i.on_medium, i.group_key, i.sha256,
         i.second_sha256, i.unsealed_sha256, i.unlinked_at, i.capture_id, c.stage AS capture_stage, c.primary_item_id,
         (${heldSql('c.id')} OR ${heldSql('c.duplicate_of')}) AS held,
         n.derivation, n.state AS instance_state,
         ${LATEST('store-status', "json_extract(e.facts, '$.outcome')")} AS store_outcome,
         ${LATEST('store-status', 'e.ok')} AS store_ok,
         ${LATEST('commitment', 'e.ok')} AS commitment_ok,
         ${LATEST('read-back', 'e.ok')} AS read_back_ok
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

function roleOf(row: CustodyRow): ItemRole {
  const kind = row.kind ?? 'unknown';
  if (row.id === row.primary_item_id) {
    if (kind === 'heic') return 'heic-original';
    if (isRaw(kind)) return 'raw';
    if (isPicture(kind)) return row.derivation === null ? 'record' : 'derived-original';
    return 'other';
  }
  if (isRaw(kind)) return 'raw';
  if (isVideo(kind)) return 'motion';
  if (isSidecar(kind)) return 'sidecar';
  // Another picture of the group (a HEIC beside its JPEG): the archive does not hold its bytes.
  return kind === 'heic' ? 'heic-original' : isPicture(kind) ? 'derived-original' : 'other';
}

const okOf = (value: number | null) => (value === null ? null : value === 1);

function storeStatusOf(row: CustodyRow): 'stored' | 'warning' | 'refused' | null {
  if (row.store_ok === null) return null;
  if (row.store_ok === 0) return 'refused';
  return row.store_outcome === 'warning' ? 'warning' : 'stored';
}

/** What the gate asks of an item; `onMediumNow` is what somebody has just looked at. */
export function itemCustody(row: CustodyRow, onMediumNow: ItemCustody['onMediumNow']): ItemCustody {
  return {
    itemId: row.id,
    stage: row.stage,
    role: roleOf(row),
    sourceSha256: row.sha256,
    secondSha256: row.second_sha256,
    unsealedSha256: row.unsealed_sha256,
    onMediumNow,
  };
}

/** What the gate asks of the capture that an item belongs to. */
export function captureCustody(row: CustodyRow, commitmentOffered: boolean): CaptureCustody | null {
  if (row.capture_id === null || row.capture_stage === null) return null;
  return {
    stage: row.capture_stage,
    held: row.held === 1,
    delivery:
      row.instance_state === null
        ? null
        : {
            storeStatus: storeStatusOf(row),
            commitmentOffered,
            committed: okOf(row.commitment_ok),
            readBackEqual: row.instance_state === 'confirmed' ? okOf(row.read_back_ok) : null,
          },
  };
}

/** Companions: the other items of the capture, and what of the same name could not even be read. */
export function companionsOf(row: CustodyRow, all: readonly CustodyRow[]): CustodyRow[] {
  return all.filter(
    (other) =>
      other.id !== row.id &&
      ((row.capture_id !== null && other.capture_id === row.capture_id) ||
        (other.stage === 'unreadable' && other.group_key === row.group_key)),
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
      itemCustody(row, seen(row)),
      captureCustody(row, commitmentOffered),
      companionsOf(row, byGroup.get(row.group_key) ?? []).map((other) => itemCustody(other, seen(other))),
      policy,
    ),
  }));
}
