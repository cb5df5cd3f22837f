const FIRST_MS = 2000;
export const LONGEST_MS = 300_000;

/**
 * When to try again after `attempts` failed tries: doubling from 2 s to 5 min, spread by a fifth so that a hundred
 * instances do not knock at a recovering archive in the same moment.
 */
export function nextAttemptAt(attempts: number, now = Date.now(), random = Math.random): number {
  const delay = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1));
  return now + Math.round(delay * (0.9 + random() * 0.2));
}

/**
 * The part of a query that says a row's time has come: `next_attempt_at` reached, or so far ahead that no wait can explain it. Then the system's
 * clock was set back, and the row would wait for years. Takes two parameters, see `dueTimes`. That the row is not confirmed is said for
 * the index of what is pending: without it, every look reads all that was ever delivered.
 */
export const IS_DUE = "state != 'confirmed' AND (next_attempt_at <= ? OR next_attempt_at > ?)";

/** @param longestMs the longest wait besides that of failed tries */
export function dueTimes(longestMs = 0, now = Date.now()): [number, number] {
  return [now, now + Math.max(2 * LONGEST_MS, longestMs + LONGEST_MS)];
}
