import type { CaptureEvidence, ItemEvidence } from '../../../../main/station/release/gate.ts';
import type { KeepReason } from '../../../../shared/domain/reasons.ts';

interface Demand {
  readonly words: string;
  /** Whether it is met. */
  readonly met: (item: ItemEvidence, capture: CaptureEvidence | null) => boolean;
  /** What the gate has to say when it is not met. */
  readonly otherwise: KeepReason;
}

const wasCopied = (item: ItemEvidence) => item.stage !== 'unreadable' && item.stage !== 'housekeeping';
const hasRecord = (capture: CaptureEvidence | null) => capture !== null && capture.stage !== 'rejected';
/** A demand on an item that was copied; one that was not stays for that one reason. */
const ofCopies = (met: (item: Extract<ItemEvidence, { onMediumNow: unknown }>) => boolean) => (item: ItemEvidence) =>
  !('onMediumNow' in item) || met(item);
/** A demand on captures, asked of copied items only. */
const ofCaptures = (met: (capture: CaptureEvidence | null) => boolean): Demand['met'] => {
  return (item, capture) => !wasCopied(item) || met(capture);
};
/** A demand on what the archive has shown: of every capture that is not rejected. */
const ofDeliveries = (met: (delivery: NonNullable<RecordOf['delivery']>) => boolean): Demand['met'] =>
  ofCaptures((capture) => {
    if (capture === null || capture.stage === 'rejected' || capture.delivery === null) return true;
    return met(capture.delivery);
  });
type RecordOf = Extract<CaptureEvidence, { delivery: unknown }>;

/**
 * What DESIGN.md demands of one item before it may be erased, as a plain list, written without a look at the gate's code.
 * "Content-identical" is no demand of its own: such a capture is told with the stage and the evidence of the one whose
 * content it has.
 */
export const DEMANDS: readonly Demand[] = [
  { words: 'it could be read', met: (item) => item.stage !== 'unreadable', otherwise: 'unreadable' },
  {
    words: "it is no index file of the camera's",
    met: (item) => item.stage !== 'housekeeping',
    otherwise: 'housekeeping',
  },
  { words: 'it is proven', met: ofCopies((item) => item.stage === 'proven'), otherwise: 'not-proven' },
  {
    words: 'its hash was taken while it streamed',
    met: ofCopies((item) => item.sourceHash === 'known'),
    otherwise: 'source-hash-missing',
  },
  {
    words: 'it was read a second time',
    met: ofCopies((item) => item.secondRead !== 'missing'),
    otherwise: 'second-read-missing',
  },
  {
    words: 'the second read has the hash of the first',
    met: ofCopies((item) => item.secondRead !== 'differs'),
    otherwise: 'second-read-differs',
  },
  {
    words: 'its sealed file was opened again',
    met: ofCopies((item) => item.unsealedHash !== 'missing'),
    otherwise: 'unsealed-hash-missing',
  },
  {
    words: 'the sealed file has the hash of the first read',
    met: ofCopies((item) => item.unsealedHash !== 'differs'),
    otherwise: 'unsealed-hash-differs',
  },
  {
    words: 'the object on the medium is there',
    met: ofCopies((item) => item.onMediumNow !== 'missing'),
    otherwise: 'object-missing',
  },
  {
    words: 'the object on the medium is still that object, and somebody looked',
    met: ofCopies((item) => item.onMediumNow === 'same' || item.onMediumNow === 'missing'),
    otherwise: 'object-changed',
  },
  { words: 'it belongs to a capture', met: ofCaptures((capture) => capture !== null), otherwise: 'no-capture' },
  {
    words: 'the capture is confirmed or rejected',
    met: ofCaptures((capture) => !hasRecord(capture) || capture?.stage === 'confirmed'),
    otherwise: 'capture-not-confirmed',
  },
  {
    words: 'a rejected one may leave by policy',
    met: ofCaptures((capture) => capture?.stage !== 'rejected' || capture.policy === 'may-leave'),
    otherwise: 'capture-rejected-policy',
  },
  { words: 'no hold', met: ofCaptures((capture) => capture?.hold !== 'held'), otherwise: 'hold' },
  {
    words: 'the archive said that it stored it',
    met: ofCaptures((capture) => {
      if (capture === null || capture.stage === 'rejected') return true;
      return capture.delivery?.storeStatus === 'stored';
    }),
    otherwise: 'store-status-missing',
  },
  {
    words: 'commitment where the archive offers it',
    met: ofDeliveries((delivery) => delivery.commitment !== 'missing'),
    otherwise: 'commitment-missing',
  },
  {
    words: 'no refused commitment',
    met: ofDeliveries((delivery) => delivery.commitment !== 'refused'),
    otherwise: 'commitment-failed',
  },
  {
    words: 'it was read back',
    met: ofDeliveries(({ readBack }) => readBack !== 'missing'),
    otherwise: 'read-back-missing',
  },
  {
    words: 'read-back pixel bytes equal',
    met: ofDeliveries((delivery) => delivery.readBack !== 'differs'),
    otherwise: 'read-back-differs',
  },
  {
    words: 'an original that the archive does not hold may leave by policy',
    met: (item, capture) => capture?.stage === 'rejected' || !('original' in item) || item.original === 'may-leave',
    otherwise: 'original-not-in-archive-policy',
  },
];
