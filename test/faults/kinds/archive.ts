import type { FaultRandom } from '../../support/fault-random.ts';
import { startArchiveBench } from '../../support/fault-archive-bench.ts';
import { custodyViolations } from '../../support/fault-invariants.ts';
import { playCut, playScenario, playTwo } from '../../support/hostile-round.ts';
import { scenariosOf } from '../../support/hostile-scenarios.ts';
import { run } from '../../support/server-process.ts';
import type { FaultKind } from '../bench/kind.ts';

/** More than an object, its commitment and its read-back send in all: a cut may also come after everything. */
const BYTES_OF_A_LIFE = 160_000;

/** Archives that fail and lie, by DIMSE and DICOMweb, one after another, two in a row, and lines that break anywhere. */
export const archiveFaults: FaultKind = {
  name: 'archive',
  share: 5,
  roundsPerWorld: 30,
  unavailable: async () => {
    const { code } = await run('openssl', ['version']).catch(() => ({ code: 1 }));
    return code === 0 ? null : 'openssl is not installed: it makes the certificates of the archives';
  },
  async open(random) {
    const protocol = random.below(2) === 0 ? 'dimse' : 'dicomweb';
    const bench = await startArchiveBench(protocol);
    const table = scenariosOf(protocol);
    const any = (from: FaultRandom) => table[from.below(table.length)]!;
    return {
      scenarios: [
        ...table.map(({ name }) => `${protocol}: ${name}`),
        `${protocol}: two in a row`,
        `${protocol}: cut anywhere`,
      ],
      run(scenario, from) {
        const name = scenario.slice(protocol.length + 2);
        const pictures = 1 + from.below(2);
        if (name === 'two in a row') return playTwo(bench, any(from), any(from), pictures);
        if (name === 'cut anywhere') return playCut(bench, from.below(BYTES_OF_A_LIFE), pictures);
        // With one picture, "all but the last" is nothing at all.
        return playScenario(
          bench,
          protocol,
          table.find((one) => one.name === name)!,
          pictures,
        );
      },
      violations: () => custodyViolations(bench.scene),
      close: () => bench.stop(),
    };
  },
};
