import type { ElementSet } from './elements.ts';
import { MalformedDatasetError } from './errors.ts';

export interface InstanceReference {
  sopClassUid: string;
  sopInstanceUid: string;
}

export interface FailedReference extends InstanceReference {
  /** Failure Reason (0008,1197): 0112 no such instance, 0119 class/instance conflict, 0110 processing failure...; null if not said. */
  reason: number | null;
}

/** What the data set of an N-EVENT-REPORT says (PS3.4 table J.3-2). */
export interface CommitmentLists {
  transactionUid: string;
  ok: InstanceReference[];
  failed: FailedReference[];
}

/** Reads a report as it stands; what it proves is judged by `judgeCommitment`. @throws MalformedDatasetError */
export function readCommitmentReport(elements: ElementSet): CommitmentLists {
  const transactionUid = elements.ascii(0x00081195);
  if (!transactionUid) throw new MalformedDatasetError('commitment report without a Transaction UID');
  return {
    transactionUid,
    ok: elements.items(0x00081199).map(readReference),
    failed: elements.items(0x00081198).map((item) => ({ ...readReference(item), reason: item.uint16(0x00081197) })),
  };
}

function readReference(item: ElementSet): InstanceReference {
  const sopClassUid = item.ascii(0x00081150);
  const sopInstanceUid = item.ascii(0x00081155);
  if (!sopClassUid || !sopInstanceUid) throw new MalformedDatasetError('reference without UIDs');
  return { sopClassUid, sopInstanceUid };
}
