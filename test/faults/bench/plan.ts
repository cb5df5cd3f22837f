import type { FaultRandom } from '../../support/fault-random.ts';
import { faultRandom } from '../../support/fault-random.ts';
import type { FaultKind } from './kind.ts';

/** A world that is to be opened: everything in it follows from the seed, its kind and its ordinal. */
export interface PlannedWorld {
  readonly kind: string;
  /** Which world of its kind, from 0. */
  readonly ordinal: number;
  readonly rounds: number;
}

/** Deals the rounds out to the kinds by their shares, and each kind's rounds to worlds, in an order that mixes the kinds. */
export function planWorlds(kinds: readonly FaultKind[], rounds: number, seed: number): PlannedWorld[] {
  const shares = kinds.reduce((sum, kind) => sum + kind.share, 0);
  const worlds: PlannedWorld[] = [];
  let dealt = 0;
  let weight = 0;
  for (const kind of kinds) {
    weight += kind.share;
    const upTo = Math.round((rounds * weight) / shares);
    for (let left = upTo - dealt, ordinal = 0; left > 0; left -= kind.roundsPerWorld, ordinal++) {
      worlds.push({ kind: kind.name, ordinal, rounds: Math.min(left, kind.roundsPerWorld) });
    }
    dealt = upTo;
  }
  return shuffled(worlds, faultRandom(seed));
}

/** The random numbers of one world. */
export function worldRandom(seed: number, kind: string, ordinal: number): FaultRandom {
  let mixed = seed >>> 0;
  for (const letter of `${kind}:${ordinal}`) mixed = Math.imul(mixed ^ letter.codePointAt(0)!, 0x01000193) >>> 0;
  return faultRandom(mixed);
}

/** The scenario of a kind's nth round: a new order in each lap, and every scenario once per lap. */
export function scenarioOf(scenarios: readonly string[], seed: number, kind: string, nth: number): string {
  const lap = Math.floor(nth / scenarios.length);
  const order = shuffled(scenarios, worldRandom(seed, `${kind} lap`, lap));
  return order[nth % scenarios.length]!;
}

function shuffled<T>(all: readonly T[], random: FaultRandom): T[] {
  const order = [...all];
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}
