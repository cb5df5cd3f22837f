import type { CaptureStage, ItemStage, OnMedium } from '../../../shared/domain/stages.ts';
import type { ItemKind } from '../imaging/index.ts';
import { isPicture, isRaw, isSidecar, isVideo } from '../imaging/index.ts';
import type { CaptureEvidence, DeliveryEvidence, ItemEvidence } from './gate.ts';
import type { ErasePolicy, ItemRole } from './original-may-leave.ts';
import { originalMayLeave } from './original-may-leave.ts';

/** One item with everything the gate wants to know, as the store has it. */
export interface CustodyRow {
  readonly id: string;
  readonly docking_id: string;
  readonly path: string;
  readonly path_bytes: Uint8Array | null;
  readonly size: number;
  readonly modified_at: number;
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
  /** 1 when the record was made of this content; of a duplicate, when its original's record was. */
  readonly is_record: number | null;
  readonly held: number;
  readonly derivation: string | null;
  readonly instance_state: string | null;
  readonly store_ok: number | null;
  readonly commitment_ok: number | null;
  readonly read_back_ok: number | null;
}

/** What somebody found who has just looked at the object on the medium. */
export type OnMediumNow = 'same' | 'changed' | 'missing' | 'not-looked';

/** What this item is to its capture's record. */
export function roleOf(
  row: Pick<CustodyRow, 'id' | 'kind' | 'primary_item_id' | 'is_record' | 'derivation'>,
): ItemRole {
  // A kind that nobody has told yet is none of those below.
  const kind = row.kind as ItemKind;
  if (isRaw(kind)) return 'raw';
  if (kind === 'heic') return 'heic-original';
  if (isPicture(kind)) return row.is_record === 1 && row.derivation === null ? 'record' : 'derived-original';
  // A film or a sidecar that leads its capture leads to nothing that the archive could hold.
  if (row.id === row.primary_item_id) return 'other';
  if (isVideo(kind)) return 'motion';
  return isSidecar(kind) ? 'sidecar' : 'other';
}

function compared(hash: string | null, source: string | null): 'equal' | 'differs' | 'missing' {
  if (hash === null) return 'missing';
  return hash === source ? 'equal' : 'differs';
}

/** What the gate asks of an item; `onMediumNow` is what somebody has just looked at. */
export function itemEvidence(row: CustodyRow, onMediumNow: OnMediumNow, policy: ErasePolicy): ItemEvidence {
  const { stage } = row;
  if (stage === 'unreadable' || stage === 'housekeeping') return { stage };
  return {
    stage,
    sourceHash: row.sha256 === null ? 'missing' : 'known',
    secondRead: compared(row.second_sha256, row.sha256),
    unsealedHash: compared(row.unsealed_sha256, row.sha256),
    onMediumNow,
    original: originalMayLeave(roleOf(row), policy) ? 'may-leave' : 'stays',
  };
}

/** A recorded yes or no, or the word for none. Anything else in the column is no yes. */
function answered<Yes, No, None>(ok: number | null, yes: Yes, no: No, none: None): Yes | No | None {
  if (ok === null) return none;
  return ok === 1 ? yes : no;
}

function deliveryEvidence(row: CustodyRow, commitmentOffered: boolean): DeliveryEvidence | null {
  if (row.instance_state === null) return null;
  // Sent anew after it was read back: what was read back then says nothing about now.
  const readBackOk = row.instance_state === 'confirmed' ? row.read_back_ok : null;
  return {
    storeStatus: answered(row.store_ok, 'stored', 'refused', 'missing'),
    commitment: answered(row.commitment_ok, 'committed', 'refused', commitmentOffered ? 'missing' : 'not-offered'),
    readBack: answered(readBackOk, 'equal', 'differs', 'missing'),
  };
}

/**
 * What the gate asks of the capture that an item belongs to.
 * @param commitmentOffered whether this archive offers storage commitment; when it does, it is demanded
 */
export function captureEvidence(
  row: CustodyRow,
  commitmentOffered: boolean,
  policy: ErasePolicy,
): CaptureEvidence | null {
  const { capture_id, capture_stage: stage } = row;
  if (capture_id === null || stage === null) return null;
  const hold = row.held === 0 ? 'none' : 'held';
  if (stage === 'rejected') return { stage, hold, policy: policy.rejectedMayLeave ? 'may-leave' : 'stays' };
  return { stage, hold, delivery: deliveryEvidence(row, commitmentOffered) };
}

/** Companions: the other items of the capture, and what of the same name could not even be read. */
export function companionsOf(row: CustodyRow, all: readonly CustodyRow[]): CustodyRow[] {
  return all.filter((other) => {
    if (other.id === row.id) return false;
    const isOfCapture = row.capture_id !== null && other.capture_id === row.capture_id;
    return isOfCapture || (other.stage === 'unreadable' && other.group_key === row.group_key);
  });
}
