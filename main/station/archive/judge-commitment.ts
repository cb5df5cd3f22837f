import type { CommitmentOutcome, Reference } from './destination.ts';

/** PS3.4 J.3.3: the archive does not know the instance. It has to be stored again. */
const NO_SUCH_INSTANCE = 0x0112;

export type CommitmentVerdict =
  | { readonly verdict: 'committed' }
  | { readonly verdict: 'failed'; readonly reason: number | null; readonly backTo: 'built' | 'stored' }
  | { readonly verdict: 'not-said' };

/**
 * What a report says about one instance that was asked about. It is committed only when it stands among the committed
 * under its own class, as often as it stands there, and nowhere among the failed: a contradiction is no commitment.
 */
export function judgeCommitment(
  report: Pick<CommitmentOutcome, 'committed' | 'failed'>,
  asked: Reference,
): CommitmentVerdict {
  const ofThis = ({ sopInstanceUid }: { sopInstanceUid: string }) => sopInstanceUid === asked.sopInstanceUid;
  const [failed, ...further] = report.failed.filter(ofThis);
  if (failed) {
    const isUnknown = [failed, ...further].some(({ reason }) => reason === NO_SUCH_INSTANCE);
    return isUnknown
      ? { verdict: 'failed', reason: NO_SUCH_INSTANCE, backTo: 'built' }
      : { verdict: 'failed', reason: failed.reason, backTo: 'stored' };
  }
  const [committed, ...repeated] = report.committed.filter(ofThis);
  const isOurs = [committed, ...repeated].every((reference) => reference?.sopClassUid === asked.sopClassUid);
  return { verdict: isOurs ? 'committed' : 'not-said' };
}
