import { useSyncExternalStore } from 'react';

/** Ages on the screen are counted in minutes: they are drawn again twice a minute. */
const TICK = 30_000;
let now = Date.now();

function subscribe(watcher: () => void): () => void {
  now = Date.now();
  const timer = window.setInterval(() => {
    now = Date.now();
    watcher();
  }, TICK);
  return () => window.clearInterval(timer);
}

/** The present time, at most half a minute old (ms since the epoch). */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
