import type { FaultKind, FaultWorld } from '../bench/kind.ts';
import { run } from '../../support/server-process.ts';
import { openFileBench } from '../../support/file-bench.ts';
import { hostileFiles } from '../../support/hostile-files/index.ts';

/**
 * Files made to break what reads them. A round docks a card with one hostile file or a few of its kind and one sound picture; the
 * card is walked to its end, and the station must have made of each file what the table (test/support/hostile-files) says.
 */
export const fileFaults: FaultKind = {
  name: 'file',
  share: 3,
  roundsPerWorld: 30,
  async unavailable() {
    const isThere = (tool: string, version: string) =>
      run(tool, [version]).then(
        () => true,
        () => false,
      );
    if (!(await isThere('heif-enc', '--version'))) return 'heif-enc is missing: no HEIC can be made';
    return (await isThere('ffmpeg', '-version')) ? null : 'ffmpeg is missing: no film can be made';
  },
  async open(_random, folder): Promise<FaultWorld> {
    const bench = await openFileBench(folder);
    return {
      scenarios: hostileFiles.map(({ name }) => name),
      run: async (scenario, random) => {
        const hostile = hostileFiles.find(({ name }) => name === scenario);
        if (!hostile) throw new Error(`no such file: ${scenario}`);
        return bench.round(hostile, random);
      },
      violations: () => bench.violations(),
      close: () => bench.close(),
    };
  },
};
