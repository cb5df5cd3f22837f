import fc from 'fast-check';
import { modelCommands } from '../../support/custody-model-commands.ts';
import { openModelBench } from '../../support/custody-model-world.ts';
import type { FaultKind } from '../bench/kind.ts';

/** Commands of one round: enough for a card to live, few enough that a round stays short. */
const COMMANDS = 8;

/**
 * Sequences that nobody thought of: cards, people, archives and kills in any order, each step held against a small model of the
 * pipeline. What fails is shrunk to a shorter sequence that still fails, on new cards of the same station.
 */
export const modelFaults: FaultKind = {
  name: 'model',
  share: 2,
  roundsPerWorld: 20,
  unavailable: async () => null,
  async open(_random, folder) {
    const bench = await openModelBench(folder);
    return {
      scenarios: ['any sequence of commands'],
      async run(_scenario, random) {
        const lives = fc.asyncProperty(modelCommands(COMMANDS), (commands) => bench.live(commands));
        await fc.assert(lives, { seed: random.below(2 ** 31), numRuns: 1, interruptAfterTimeLimit: 60_000 });
        return 'as the model says';
      },
      violations: () => bench.violations(),
      takeKills: () => new Map([['between two commands, or in one', bench.takeKills()]]),
      close: () => bench.close(),
    };
  },
};
