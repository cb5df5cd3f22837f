import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultRandom, faultSeed } from '../support/fault-random.ts';
import { removeFolder, tempFolder } from '../support/server-process.ts';
import type { MediumBench } from './kinds/medium-bench.ts';
import { openMediumBench } from './kinds/medium-bench.ts';
import { mediumScenarios, runMediumScenario } from './kinds/medium-table.ts';

// The scenarios of the kind `medium` that stand for all others, once each; `npm run faults` takes them all (and the large ones).
const ESSENTIAL = [
  'read-error',
  'short-reads',
  'other-bytes-later',
  'read-error-before-erasing',
  'vanishes-after-listing',
  'grows-while-read',
  'odd-clocks',
  'folder-breaks-off',
  'root-breaks-off',
  'attributes-fail',
  'listed-twice',
  'check-breaks-off',
  'appears-later',
  'odd-names',
  'one-of-two-equal-names-changes',
  'no-files',
  'empty-files',
  'erase-refused',
  'erase-does-nothing',
  'erase-comes-back',
  'erase-takes-another',
  'hard-links',
  'pulled-while-erasing',
  'exfat',
  'read-only',
  'pulled-while-sealing',
  'changed-for-its-twin',
  'changed-before-erasing',
];

const seed = faultSeed();
let folder: string;
let bench: MediumBench;

beforeAll(async () => {
  folder = await tempFolder('media');
  bench = await openMediumBench(faultRandom(seed), folder);
});
afterAll(async () => {
  await bench?.close();
  await removeFolder(folder);
});

test.each(mediumScenarios.filter(({ name }) => ESSENTIAL.includes(name)))('$name: $does', async (scenario) => {
  await runMediumScenario(bench, scenario);
  expect(await bench.violations(), `seed ${seed}`).toEqual([]);
});
