import type { EventPayload } from '../../shared/contract.ts';

type Press = EventPayload<'button'>;
type Scan = EventPayload<'scanned'>;

/** Presses and scans are moments, not values: whoever listens when one comes hears of it, nobody else ever does. */
function moments<T>() {
  const listeners = new Set<(moment: T) => void>();
  return {
    listen(listener: (moment: T) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell(moment: T): void {
      for (const listener of listeners) listener(moment);
    },
  };
}

/** Presses of taught buttons. Screens use `useButton`. */
export const presses = moments<Press>();

/** Codes read by scanners that do not type. Screens use `useScanned`. */
export const scans = moments<Scan>();
