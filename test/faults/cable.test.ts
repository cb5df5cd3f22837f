import { describe, expect, test } from 'vitest';
import { faultRandom, faultSeed } from '../support/fault-random.ts';
import type { FaultKind } from './bench/kind.ts';
import { runWorld } from './bench/run-world.ts';
import { unavailable } from './kinds/cable-here.ts';
import { cableKills } from './kinds/cable-kill.ts';
import type { CableScenario } from './kinds/cable-table.ts';
import { cableScenarios } from './kinds/cable-table.ts';
import { cableOf } from './kinds/cable.ts';

// The short form of the kinds `cable`, `cable-unplug` and `kill-cable`: others in every run; `npm run faults` takes them all.
// PHOTODOCK_FAULT_SEED repeats one.

const seed = faultSeed();
const ALWAYS = ['lying-delete', 'other-bytes-later', 'four-gigabytes-unsaid', 'ghost-events'];
const OTHERS = 4;
const UNPLUGS = 3;
const KILLS = 3;

/** What stands for all others, and others by the seed; those that wait for time-outs of the station are for the long form. */
function chosen(): CableScenario[] {
  const random = faultRandom(seed);
  const others = cableScenarios.filter(({ name, isLong }) => !ALWAYS.includes(name) && isLong !== true);
  const all = cableScenarios.filter(({ name }) => ALWAYS.includes(name));
  for (let left = OTHERS; left > 0; left -= 1) all.push(...others.splice(random.below(others.length), 1));
  const anywhere = cableScenarios.find(({ name }) => name === 'unplugged-anywhere')!;
  for (let number = 1; number <= UNPLUGS; number += 1) all.push({ ...anywhere, name: `${anywhere.name} ${number}` });
  return all;
}

async function lives(kind: FaultKind, rounds: number): Promise<void> {
  const why = await unavailable();
  if (why !== null) {
    process.stdout.write(`NOT DONE HERE: ${kind.name}: ${why}\n`);
    return;
  }
  process.stdout.write(`${kind.name}: PHOTODOCK_FAULT_SEED=${seed}\n`);
  const world = await runWorld(kind, { kind: kind.name, ordinal: 0, rounds }, seed);
  expect(world.rounds.flatMap((round) => round.violations.map((what) => `${round.scenario}: ${what}`))).toEqual([]);
  expect(world.rounds).toHaveLength(rounds);
}

describe(`bad devices on a cable (seed ${seed})`, () => {
  test('whatever a device does, the four invariants hold and its life goes on to its end', async () => {
    const scenarios = chosen();
    await lives(cableOf('cable', 1, scenarios.length, scenarios), scenarios.length);
  });

  test('killed at points that only a device passes', () => lives(cableKills, KILLS));
});
