import type { AuditProblem } from '../../../shared/domain/audit.ts';
import type { AuditRow } from './chain.ts';
import { hashOf } from './chain.ts';

/** How far beyond the chain's end a line may have stood that now stands elsewhere. */
const BEYOND = 10_000;

/** Where a row stood when it was written: the line number under which its hash is right; null when it was changed itself. */
function homeOf(row: AuditRow, last: number): number | null {
  for (let line = 1; line <= last; line += 1) if (hashOf({ ...row, line }) === row.hash) return line;
  return null;
}

/**
 * Says of a chain that does not fit what was done to it, and at which line first.
 * @param rows all lines of the chain as it is now
 * @param at the first line that does not fit
 * @param previous hash of the line before it
 */
export function findProblem(
  rows: readonly AuditRow[],
  at: number,
  previous: string,
): { readonly problem: AuditProblem; readonly line: number } {
  const here = rows.find((row) => row.line === at);
  const belongs = rows.some((row) => row.previous_hash === previous && hashOf({ ...row, line: at }) === row.hash);
  if (!here) return { problem: belongs ? 'reordered' : 'removed', line: at };
  const home = homeOf(here, (rows.at(-1)?.line ?? 0) + BEYOND);
  // The line that belongs here stands elsewhere: this one took its place, or the two were exchanged.
  if (belongs) return { problem: home === null ? 'inserted' : 'reordered', line: at };
  if (home === null) return { problem: 'changed', line: at };
  if (home > at) return { problem: 'removed', line: at };
  if (home === at) {
    // It is as it was written, and follows another line than the one before it: that one was changed, and its hash with it.
    return { problem: 'changed', line: Math.max(1, at - 1) };
  }
  // It was pushed down: by the line that now stands in its old place, unless it is a copy of that one.
  const there = rows.find((row) => row.line === home);
  return { problem: 'inserted', line: there?.hash === here.hash ? at : home };
}
