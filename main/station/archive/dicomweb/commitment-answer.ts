import { integerValue, sequenceItems, textValue, type DicomJson } from './dicom-json.ts';

export interface InstanceReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** A report as it stands; what it proves is judged by `judgeCommitment`. */
export interface CommitmentLists {
  readonly committed: readonly InstanceReference[];
  readonly failed: readonly (InstanceReference & { readonly reason: number | null })[];
}

/**
 * Reads the answer to a commitment request (PS3.18 13.4.3). Null when it speaks of another transaction: then it says
 * nothing about this one.
 */
export function readCommitmentLists(module: DicomJson, transactionUid: string): CommitmentLists | null {
  const told = textValue(module, '00081195');
  if (told !== null && told !== transactionUid) return null;
  return {
    committed: sequenceItems(module, '00081199').map(reference),
    failed: sequenceItems(module, '00081198').map((item) => ({
      ...reference(item),
      reason: integerValue(item, '00081197'),
    })),
  };
}

/** A UID that is missing is empty, and so is nobody's. */
function reference(item: DicomJson): InstanceReference {
  return { sopClassUid: textValue(item, '00081150') ?? '', sopInstanceUid: textValue(item, '00081155') ?? '' };
}
