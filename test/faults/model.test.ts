import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelCommands, wholeLife } from '../support/custody-model-commands.ts';
import type { ModelBench } from '../support/custody-model-world.ts';
import { openModelBench } from '../support/custody-model-world.ts';
import { faultSeed } from '../support/fault-random.ts';
import { removeFolder, tempFolder } from '../support/server-process.ts';

// The real station against a small model of the pipeline. PHOTODOCK_FAULT_SEED repeats a run; a failure prints the shortest
// sequence that it was shrunk to.

let folder: string;
let bench: ModelBench;

beforeAll(async () => {
  folder = await tempFolder('model');
  bench = await openModelBench(folder);
});

afterAll(async () => {
  await bench?.close();
  await removeFolder(folder);
});

test('a whole life, with a hold, a losing archive, kills and a rejection taken back, is what the model says', async () => {
  await bench.live(wholeLife());
  expect(await bench.violations()).toEqual([]);
});

test('whatever is done in whatever order, the station does what the model says, and custody holds', async () => {
  const seed = faultSeed();
  process.stdout.write(`model: PHOTODOCK_FAULT_SEED=${seed}\n`);
  const lives = fc.asyncProperty(modelCommands(10), async (commands) => {
    await bench.live(commands);
    expect(await bench.violations()).toEqual([]);
  });
  await fc.assert(lives, { seed, numRuns: 3 });
});
