import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openConnection } from '../../main/station/store/driver.ts';
import type { FaultRandom } from './fault-random.ts';
import type { TestStation } from './station.ts';

/** Longest time without a durable step after which the killer strikes all the same. */
const QUIET_MS = 2000;

export interface KillPlan {
  /** Kill after this many further lines of audit: one line is one durable step. */
  readonly afterLines: number;
  /** And this much later, to strike inside the next step. */
  readonly laterMs: number;
}

/** Where in a phase of about `lines` durable steps to strike. */
export function planKill(random: FaultRandom, lines: number): KillPlan {
  return { afterLines: random.below(lines + 1), laterMs: Math.floor(random.next() ** 2 * 200) };
}

/** The last line of the audit, read from beside the running station. */
export async function lastAuditLine(dataDir: string, key: Uint8Array): Promise<number> {
  return watching(dataDir, key, async (line) => line());
}

/**
 * Kills the station with SIGKILL when the plan says so. The watching connection is closed before, so that the station's own
 * next start finds the index exactly as a lone killed process leaves it.
 * @returns how many durable steps were done since `from`
 */
export async function killAccordingTo(
  plan: KillPlan,
  station: TestStation,
  key: Uint8Array,
  from: number,
): Promise<number> {
  const reached = await watching(station.dataDir, key, async (line) => {
    let seen = from;
    let movedAt = Date.now();
    while (seen < from + plan.afterLines && Date.now() < movedAt + QUIET_MS) {
      const now = await line();
      if (now !== seen) movedAt = Date.now();
      seen = now;
      await pause(2);
    }
    return seen;
  });
  await pause(plan.laterMs);
  await station.kill('SIGKILL');
  return reached - from;
}

async function watching<T>(dataDir: string, key: Uint8Array, watch: (line: () => Promise<number>) => Promise<T>) {
  const index = await openConnection(path.join(dataDir, 'index.db'), key);
  try {
    return await watch(
      async () => (await index.get<{ line: number | null }>('SELECT max(line) AS line FROM audit'))?.line ?? 0,
    );
  } finally {
    await index.close();
  }
}
