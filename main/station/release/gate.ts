import type { KeepReason } from '../../../shared/domain/reasons.ts';
import { missingCase } from '../../../shared/domain/errors.ts';
import type { CaptureStage, ItemStage } from '../../../shared/domain/stages.ts';

/**
 * What an item is to its capture's record:
 * record = its pixel stream is what the archive holds; derived-original = the archive holds a JPEG derived from it;
 * raw, motion, sidecar = companions whose bytes the archive does not hold; other = nothing of it can go to the archive.
 */
export type ItemRole = 'record' | 'derived-original' | 'heic-original' | 'raw' | 'motion' | 'sidecar' | 'other';

/** What the archive has shown of a capture's one instance. Missing evidence is null: it never counts as success. */
export interface DeliveryEvidence {
  readonly storeStatus: 'stored' | 'warning' | 'refused' | null;
  /** Whether this archive offers storage commitment; when it does, it is demanded. */
  readonly commitmentOffered: boolean;
  readonly committed: boolean | null;
  readonly readBackEqual: boolean | null;
}

export interface CaptureCustody {
  readonly stage: CaptureStage;
  readonly held: boolean;
  /** Of the capture itself, or of the content-identical one that stands for it. */
  readonly delivery: DeliveryEvidence | null;
}

export interface ItemCustody {
  readonly itemId: string;
  readonly stage: ItemStage;
  readonly role: ItemRole;
  readonly sourceSha256: string | null;
  readonly secondSha256: string | null;
  readonly unsealedSha256: string | null;
  /** The object on the medium, looked at now: same bytes as were sealed, others, gone, or not looked at. */
  readonly onMediumNow: 'same' | 'changed' | 'missing' | 'not-looked';
}

export interface ErasePolicy {
  readonly heicMayLeave: boolean;
  readonly rawMayLeave: boolean;
  readonly motionMayLeave: boolean;
  readonly derivedMayLeave: boolean;
  readonly rejectedMayLeave: boolean;
}

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly because: readonly KeepReason[] };

function originalMayLeave(role: ItemRole, policy: ErasePolicy): boolean {
  switch (role) {
    case 'record':
    case 'sidecar':
      return true;
    case 'heic-original':
      return policy.heicMayLeave;
    case 'derived-original':
      return policy.derivedMayLeave;
    case 'raw':
      return policy.rawMayLeave;
    case 'motion':
      return policy.motionMayLeave;
    case 'other':
      return false;
    default:
      return missingCase(role);
  }
}

function proofReasons(item: ItemCustody): KeepReason[] {
  if (item.stage === 'housekeeping') return ['housekeeping'];
  if (item.stage === 'unreadable') return ['unreadable'];
  const reasons: KeepReason[] = [];
  if (item.stage !== 'proven') reasons.push('not-proven');
  if (item.sourceSha256 === null) reasons.push('source-hash-missing');
  if (item.secondSha256 === null) reasons.push('second-read-missing');
  else if (item.secondSha256 !== item.sourceSha256) reasons.push('second-read-differs');
  if (item.unsealedSha256 === null) reasons.push('unsealed-hash-missing');
  else if (item.unsealedSha256 !== item.sourceSha256) reasons.push('unsealed-hash-differs');
  if (item.onMediumNow === 'missing') reasons.push('object-missing');
  else if (item.onMediumNow !== 'same') reasons.push('object-changed');
  return reasons;
}

function deliveryReasons(delivery: DeliveryEvidence | null): KeepReason[] {
  if (!delivery) return ['store-status-missing'];
  const reasons: KeepReason[] = [];
  if (delivery.storeStatus !== 'stored' && delivery.storeStatus !== 'warning') reasons.push('store-status-missing');
  if (delivery.commitmentOffered && delivery.committed === null) reasons.push('commitment-missing');
  // A refused commitment counts even where none is demanded: the archive said that it will not keep it.
  if (delivery.committed === false) reasons.push('commitment-failed');
  if (delivery.readBackEqual === null) reasons.push('read-back-missing');
  else if (!delivery.readBackEqual) reasons.push('read-back-differs');
  return reasons;
}

function captureReasons(capture: CaptureCustody | null, policy: ErasePolicy): KeepReason[] {
  if (!capture) return ['no-capture'];
  const reasons: KeepReason[] = capture.held ? ['hold'] : [];
  if (capture.stage === 'rejected') {
    if (!policy.rejectedMayLeave) reasons.push('capture-rejected-policy');
    return reasons;
  }
  if (capture.stage !== 'confirmed') reasons.push('capture-not-confirmed');
  return [...reasons, ...deliveryReasons(capture.delivery)];
}

/** One item on its own, before its group is asked. */
function itemReasons(item: ItemCustody, capture: CaptureCustody | null, policy: ErasePolicy): KeepReason[] {
  const proof = proofReasons(item);
  if (item.stage === 'housekeeping' || item.stage === 'unreadable') return proof;
  const reasons = [...proof, ...captureReasons(capture, policy)];
  // A rejected capture has no record in the archive: what holds its bytes is the quarantine, under its own policy.
  if (capture?.stage !== 'rejected' && !originalMayLeave(item.role, policy))
    reasons.push('original-not-in-archive-policy');
  return reasons;
}

/**
 * The gate: may this item be erased from its medium? Pure and total; every missing piece of evidence is a reason to keep.
 * @param item the item in question
 * @param capture the capture it belongs to, null when it belongs to none
 * @param companions the other items of that capture: a group (RAW+JPEG, Live Photo) leaves together or stays together
 */
export function mayErase(
  item: ItemCustody,
  capture: CaptureCustody | null,
  companions: readonly ItemCustody[],
  policy: ErasePolicy,
): Verdict {
  const because = itemReasons(item, capture, policy);
  const groupStays = companions.some((companion) =>
    // A companion that is already gone from the medium cannot hold the rest back; everything else about it can.
    itemReasons(companion, capture, policy).some((reason) => reason !== 'object-missing'),
  );
  if (groupStays) because.push('group-incomplete');
  return because.length === 0 ? { ok: true } : { ok: false, because };
}
