import type { KeepReason } from '../../../shared/domain/reasons.ts';

/**
 * Everything that the gate can be told: every fact, every value that it can have, and what that value has against
 * erasing (null: nothing). One table is rule, type and list of all states: a fact or a value that is added here is at
 * once demanded by the types of whoever asks, and walked through by the tests (adr/0021).
 */
export const GATE = {
  /** Of an item that was read: the two reads of the medium and the sealed file, and the object as it is there now. */
  copy: {
    stage: { listed: 'not-proven', sealed: 'not-proven', proven: null },
    sourceHash: { known: null, missing: 'source-hash-missing' },
    secondRead: { equal: null, differs: 'second-read-differs', missing: 'second-read-missing' },
    unsealedHash: { equal: null, differs: 'unsealed-hash-differs', missing: 'unsealed-hash-missing' },
    onMediumNow: { same: null, changed: 'object-changed', 'not-looked': 'object-changed', missing: 'object-missing' },
  },
  /** Of the same item: whether it may leave although the archive holds the capture's record, and maybe not its bytes. */
  original: { original: { 'may-leave': null, stays: 'original-not-in-archive-policy' } },
  /** Of an item that was not read or is no picture: it stays, whatever else is known. */
  never: { stage: { unreadable: 'unreadable', housekeeping: 'housekeeping' } },
  capture: {
    hold: { none: null, held: 'hold' },
    stage: {
      unfiled: 'capture-not-confirmed',
      filed: 'capture-not-confirmed',
      delivered: 'capture-not-confirmed',
      confirmed: null,
    },
  },
  /** A rejected capture has no record in the archive: what holds its bytes is the quarantine, under its own policy. */
  rejected: {
    hold: { none: null, held: 'hold' },
    stage: { rejected: null },
    policy: { 'may-leave': null, stays: 'capture-rejected-policy' },
  },
  /** What the archive has shown of the capture's one instance, or of the content-identical one that stands for it. */
  delivery: {
    storeStatus: { stored: null, refused: 'store-status-missing', missing: 'store-status-missing' },
    // A refusal counts even where commitment is not offered: the archive said that it will not keep it.
    commitment: {
      committed: null,
      'not-offered': null,
      refused: 'commitment-failed',
      missing: 'commitment-missing',
    },
    readBack: { equal: null, differs: 'read-back-differs', missing: 'read-back-missing' },
  },
} as const satisfies Readonly<Record<string, Facts>>;

type Facts = Readonly<Record<string, Readonly<Record<string, KeepReason | null>>>>;
type Told<Table extends Facts> = { readonly [Fact in keyof Table]: keyof Table[Fact] };

export type DeliveryEvidence = Told<typeof GATE.delivery>;
type RecordEvidence = Told<typeof GATE.capture> & { readonly delivery: DeliveryEvidence | null };
export type CaptureEvidence = RecordEvidence | Told<typeof GATE.rejected>;
export type ItemEvidence = (Told<typeof GATE.copy> & Told<typeof GATE.original>) | Told<typeof GATE.never>;

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly because: readonly KeepReason[] };

/** What the told values have against erasing. A value that is not in the table proves nothing, so it is a reason too. */
function against(table: Facts, told: Readonly<Record<string, unknown>>): KeepReason[] {
  const reasons: KeepReason[] = [];
  for (const [fact, values] of Object.entries(table)) {
    const reason = values[String(told[fact])];
    if (reason !== null) reasons.push(reason ?? 'not-proven');
  }
  return reasons;
}

/** The capture's record in the archive. */
function recordReasons(capture: RecordEvidence | null): KeepReason[] {
  if (!capture) return ['no-capture'];
  const delivery: KeepReason[] = capture.delivery ? against(GATE.delivery, capture.delivery) : ['store-status-missing'];
  return [...against(GATE.capture, capture), ...delivery];
}

/** One item on its own, before its group is asked. */
function itemReasons(item: ItemEvidence, capture: CaptureEvidence | null): KeepReason[] {
  if (item.stage === 'unreadable' || item.stage === 'housekeeping') return against(GATE.never, item);
  const reasons = against(GATE.copy, item);
  if (capture?.stage === 'rejected') return [...reasons, ...against(GATE.rejected, capture)];
  return [...reasons, ...recordReasons(capture), ...against(GATE.original, item)];
}

/**
 * The gate: may this item be erased from its medium? Pure and total; every missing piece of evidence is a reason to keep.
 * @param item the item in question
 * @param capture the capture it belongs to, null when it belongs to none
 * @param companions the other items of that capture: a group (RAW+JPEG, Live Photo) leaves together or stays together
 */
export function mayErase(
  item: ItemEvidence,
  capture: CaptureEvidence | null,
  companions: readonly ItemEvidence[],
): Verdict {
  const because = itemReasons(item, capture);
  const groupStays = companions.some((companion) =>
    // A companion that is already gone from the medium cannot hold the rest back; everything else about it can.
    itemReasons(companion, capture).some((reason) => reason !== 'object-missing'),
  );
  if (groupStays) because.push('group-incomplete');
  return because.length === 0 ? { ok: true } : { ok: false, because };
}
