import type { FaultKind } from '../bench/kind.ts';
import { CableBench } from './cable-bench.ts';
import { unavailable } from './cable-here.ts';
import type { CableScenario } from './cable-table.ts';
import { cableScenarios, runCableScenario } from './cable-table.ts';
import { pullAnywhere } from './cable-unplugging.ts';

/** A kind of these scenarios: one world is a rig, a station and an archive. */
export function cableOf(
  name: string,
  share: number,
  roundsPerWorld: number,
  scenarios: readonly CableScenario[],
): FaultKind {
  return {
    name,
    share,
    roundsPerWorld,
    roundMilliseconds: 300_000,
    unavailable,
    async open(random) {
      const bench = await CableBench.open(random);
      return {
        scenarios: scenarios.map((scenario) => scenario.name),
        run: (wanted) =>
          runCableScenario(
            bench,
            scenarios.find((scenario) => scenario.name === wanted)!,
          ),
        violations: () => bench.violations(),
        close: () => bench.close(),
      };
    },
  };
}

/** Bad devices on a cable: what is wrong with each, and what the station must end with (docs/reliability-cable.md). */
export const cableFaults: FaultKind = cableOf('cable', 4, 20, cableScenarios);

/** Nothing but cables that are pulled, at any moment of a camera's life. */
export const cableUnplugs: FaultKind = cableOf('cable-unplug', 1, 25, [
  {
    ...cableScenarios.find(({ name }) => name === 'unplugged-anywhere')!,
    run: (bench) => pullAnywhere(bench, bench.random),
  },
]);
