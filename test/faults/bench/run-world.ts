import { inspect } from 'node:util';
import { errorCode } from '../../../shared/domain/errors.ts';
import { removeFolder, tempFolder } from '../../support/server-process.ts';
import type { FaultKind, FaultWorld } from './kind.ts';
import type { PlannedWorld } from './plan.ts';
import { scenarioOf, worldRandom } from './plan.ts';

export interface RoundResult {
  readonly scenario: string;
  readonly outcome: string;
  readonly violations: readonly string[];
  readonly milliseconds: number;
}

export interface WorldResult {
  readonly world: PlannedWorld;
  readonly scenarios: readonly string[];
  readonly rounds: readonly RoundResult[];
  /** Point to how often the station was killed there. */
  readonly kills: Readonly<Record<string, number>>;
  /** Opening, settling and closing. */
  readonly aroundMilliseconds: number;
}

/** No round may take longer, unless its kind says so: a bench that waits for ever finds nothing. */
const ROUND_MS = 120_000;

/**
 * Lives one world: opens it, does its rounds with the invariants after each, lets the pipeline end by itself, closes it. After the first
 * violation the world ends: what comes later would only say the same again.
 */
export async function runWorld(
  kind: FaultKind,
  world: PlannedWorld,
  seed: number,
  onRound: (round: RoundResult) => void = () => undefined,
): Promise<WorldResult> {
  const limit = kind.roundMilliseconds ?? ROUND_MS;
  const random = worldRandom(seed, kind.name, world.ordinal);
  const folder = await tempFolder(`fault-${kind.name}`);
  const rounds: RoundResult[] = [];
  const kills: Record<string, number> = {};
  const began = performance.now();
  let inRounds = 0;
  let opened: FaultWorld | null = null;
  const round = async (scenario: string, work: () => Promise<{ outcome: string; violations: readonly string[] }>) => {
    const start = performance.now();
    const told = await within(limit, work).catch((error: unknown) => ({
      outcome: `violation: ${errorCode(error)}`,
      violations: [inspect(error, { depth: 3 })],
    }));
    const milliseconds = performance.now() - start;
    const result = { scenario, ...told, milliseconds };
    rounds.push(result);
    if (result.outcome !== 'opened') onRound(result);
    inRounds += milliseconds;
    return result.violations.length === 0;
  };
  try {
    let sound = await round('(opening)', async () => {
      opened = await kind.open(random, folder);
      return { outcome: 'opened', violations: [] };
    });
    // Opening is no round when it went well.
    if (sound) rounds.pop();
    const alive = opened as FaultWorld | null;
    for (let at = 0; sound && at < world.rounds; at++) {
      const nth = world.ordinal * kind.roundsPerWorld + at;
      const scenario = scenarioOf(alive!.scenarios, seed, kind.name, nth);
      sound = await round(scenario, async () => ({
        outcome: await alive!.run(scenario, random),
        violations: await alive!.violations(),
      }));
    }
    if (sound && alive?.settle) {
      const left = await within(limit, () => alive.settle!()).catch((error: Error) => [error.stack ?? error.message]);
      if (left.length > 0) await round('(settling)', async () => ({ outcome: 'violation: settle', violations: left }));
    }
    for (const [point, count] of alive?.takeKills?.() ?? []) kills[point] = count;
    return {
      world,
      scenarios: alive?.scenarios ?? [],
      rounds,
      kills,
      aroundMilliseconds: performance.now() - began - inRounds,
    };
  } finally {
    await (opened as FaultWorld | null)?.close().catch(() => undefined);
    await removeFolder(folder).catch(() => undefined);
  }
}

function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the round did not end within ${milliseconds} ms`)), milliseconds);
  return Promise.race([work(), promise]).finally(() => clearTimeout(timer));
}
