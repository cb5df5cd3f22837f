const FIRST_MS = 2000;
const LONGEST_MS = 300_000;

/**
 * When to try again after `attempts` failed tries: doubling from 2 s to 5 min, spread by a fifth so that a hundred
 * instances do not knock at a recovering archive in the same moment.
 */
export function nextAttemptAt(attempts: number, now = Date.now(), random = Math.random): number {
  const delay = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1));
  return now + Math.round(delay * (0.9 + random() * 0.2));
}
