import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultRandom, faultSeed } from '../support/fault-random.ts';
import { removeFolder, tempFolder } from '../support/server-process.ts';
import type { MediumBench } from './kinds/medium-bench.ts';
import { openMediumBench } from './kinds/medium-bench.ts';
import { mediumScenarios, runMediumScenario } from './kinds/medium-table.ts';

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

test.each(mediumScenarios)('$name: $does', async (scenario) => {
  await runMediumScenario(bench, scenario);
  expect(await bench.violations(), `seed ${seed}`).toEqual([]);
});
