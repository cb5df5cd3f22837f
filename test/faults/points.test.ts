import { describe, expect, test } from 'vitest';
import { faultSeed } from '../support/fault-random.ts';
import { planWorlds, scenarioOf } from './bench/plan.ts';
import { runWorld } from './bench/run-world.ts';
import { killKinds } from './kinds/kill.ts';

// The short form of `npm run faults`: one small world each of kills at durable points and of power cuts, another seed in every run.
// PHOTODOCK_FAULT_SEED repeats one.

const seed = faultSeed();
const ROUNDS = 8;

describe(`killed at durable points (seed ${seed})`, () => {
  test.each(['kill-dimse', 'power-cut-dicomweb'])('%s', async (name) => {
    const kind = killKinds.find((one) => one.name === name)!;
    const why = await kind.unavailable();
    if (why !== null) {
      process.stdout.write(`NOT DONE HERE: ${name}: ${why}\n`);
      return;
    }
    process.stdout.write(`${name}: PHOTODOCK_FAULT_SEED=${seed}\n`);
    const { rounds, kills, scenarios } = await runWorld(kind, { kind: name, ordinal: 0, rounds: ROUNDS }, seed);
    expect(rounds.flatMap((round) => round.violations)).toEqual([]);
    expect(rounds).toHaveLength(ROUNDS);
    expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(ROUNDS - 2);
    // What a card's life passes is found by itself; these stand for its ends.
    expect(scenarios).toEqual(
      expect.arrayContaining([
        'thread seal-file: synced, not renamed',
        'store: committed, not told',
        'erase: unlinked',
      ]),
    );
  });
});

describe('the plan of a run', () => {
  const kinds = killKinds.map((kind) => ({ ...kind, roundsPerWorld: 10 }));

  test('deals every round out, and is the same for the same seed', () => {
    const plan = planWorlds(kinds, 137, 5);
    expect(plan.reduce((sum, world) => sum + world.rounds, 0)).toBe(137);
    expect(planWorlds(kinds, 137, 5)).toEqual(plan);
    expect(planWorlds(kinds, 137, 6)).not.toEqual(plan);
  });

  test('comes to every scenario before it comes to any again', () => {
    const scenarios = Array.from({ length: 23 }, (_, at) => `scenario ${at}`);
    for (const lap of [0, 1, 2]) {
      const taken = scenarios.map((_, at) => scenarioOf(scenarios, 9, 'kind', lap * 23 + at));
      expect(new Set(taken).size).toBe(23);
    }
  });
});
