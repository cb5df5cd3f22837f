import { useEffect, useEffectEvent, useRef } from 'react';
import type { CaptureView } from '../../../shared/contract.ts';
import { newCaptures } from './new-captures.ts';

/** Tells of pictures that come while one looks; what was there at first is not new. */
export function useNewCaptures(
  captures: readonly CaptureView[] | undefined,
  onNew: (fresh: readonly CaptureView[]) => void,
): void {
  const known = useRef<ReadonlySet<string> | null>(null);
  const tell = useEffectEvent(onNew);
  useEffect(() => {
    if (!captures) return;
    const before = known.current;
    known.current = new Set(captures.map((one) => one.id));
    const fresh = before ? newCaptures(before, captures) : [];
    if (fresh.length > 0) tell(fresh);
  }, [captures]);
}
