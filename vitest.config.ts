import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of over a minute, the longest first: one that is begun last keeps everybody waiting while the other workers have nothing left. */
const long = [
  'faults/points',
  'faults/self-test',
  'faults/cable',
  'faults/hostile-archives',
  'faults/self-test-cable',
  'faults/file',
  'faults/kill',
  'faults/station-damage',
  'faults/station-trouble',
  'cli/whole-life',
  'cli/practice',
  'leaks/strings',
  'cli/unreachable',
  'cable/ptp-client',
  'station/backup',
].map((name) => `/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? long.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

/** What needs no more than the npm packages: `npm test` runs it while the database driver is built. */
const files = ['test/unit/station/imaging/**/*.test.ts', 'test/unit/fuzz-corpus.test.ts'];

// One project per kind of promise. `npm test` runs them one after the other; a single one: `npm run unit` and so on.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/renderer/**/*.test.ts'],
          exclude: files,
          environment: 'node',
          testTimeout: 15_000,
          maxWorkers: 2,
        },
      },
      {
        // One worker: the compiler has the other core.
        test: { name: 'files', include: files, environment: 'node', testTimeout: 15_000, maxWorkers: 1 },
      },
      {
        // Real servers and files: Orthanc, dcmtk, FUSE, the imaging process.
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
          pool: 'forks',
        },
      },
      {
        // Killed processes, full disks, lying archives. Each file has stations, cards and servers of its own, and mostly waits.
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          environment: 'node',
          testTimeout: 600_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
          pool: 'forks',
        },
      },
    ],
  },
});
