import { setTimeout as pause } from 'node:timers/promises';
import { CommandError, UsageError } from './errors.ts';

const LOOK_AGAIN_MS = 300;

/** Looks again and again until `look` finds something; null means "not yet". @throws CommandError `timed-out` */
export async function waitFor<T>(
  look: () => Promise<T | null>,
  { signal, deadline = Number.POSITIVE_INFINITY }: { signal: AbortSignal; deadline?: number | undefined },
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== null) return found;
    if (Date.now() >= deadline) throw new CommandError('timed-out', 'not finished within the time given by --timeout');
    await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** The moment a `--timeout` in seconds is over. @throws UsageError */
export function deadlineOf(seconds: string): number {
  const value = Number(seconds);
  if (seconds.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new UsageError('--timeout takes a number of seconds');
  }
  return Date.now() + value * 1000;
}
