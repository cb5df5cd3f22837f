import type { CaptureView } from '../../../shared/contract.ts';

/** The pictures that were not there before and can be filed: what a camera on the cable has just delivered. */
export function newCaptures(known: ReadonlySet<string>, captures: readonly CaptureView[]): CaptureView[] {
  return captures.filter((one) => !known.has(one.id) && one.stage === 'unfiled' && one.kind !== 'other');
}
