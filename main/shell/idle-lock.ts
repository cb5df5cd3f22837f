/** What we need of Electron's powerMonitor. */
export interface PowerMonitorLike {
  getSystemIdleTime(): number;
  getSystemIdleState(thresholdSeconds: number): string;
  on(event: 'lock-screen' | 'suspend', listener: () => void): unknown;
}

export interface IdleLockParts {
  readonly powerMonitor: PowerMonitorLike;
  /** Minutes without input until the window locks; 0 turns it off. */
  readonly lockAfterMinutes: () => number;
  /** When the person was last seen for certain: signed in, or used our window (ms since the epoch); null when nobody is signed in. */
  readonly lastSeenAt: () => number | null;
  readonly lock: () => void;
}

const LOOK_EVERY_MS = 1000;

/**
 * Locks when the person has left: no input for a while, or the operating system locks its screen or falls asleep. Linux sends
 * no lock-screen event, so its state is asked for. The system's idle time alone is not believed: it may count from before the sign-in.
 * @returns a function that stops watching
 */
export function watchIdle(parts: IdleLockParts): () => void {
  const { powerMonitor, lock } = parts;
  const lockIfSignedIn = (): void => {
    if (parts.lastSeenAt() !== null) lock();
  };
  powerMonitor.on('lock-screen', lockIfSignedIn);
  powerMonitor.on('suspend', lockIfSignedIn);
  const timer = setInterval(() => {
    const seenAt = parts.lastSeenAt();
    if (seenAt === null) return;
    const limitMs = parts.lockAfterMinutes() * 60_000;
    const idleMs = Math.min(powerMonitor.getSystemIdleTime() * 1000, Date.now() - seenAt);
    const screenLocked = powerMonitor.getSystemIdleState(3600) === 'locked';
    if (screenLocked || (limitMs > 0 && idleMs >= limitMs)) lock();
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
