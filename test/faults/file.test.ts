import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultRandom, faultSeed } from '../support/fault-random.ts';
import { hostileFiles } from '../support/hostile-files/index.ts';
import { removeFolder, tempFolder } from '../support/server-process.ts';
import type { FaultWorld } from './bench/kind.ts';
import { fileFaults } from './kinds/file.ts';

// Every file made to break what reads it, end to end against the real station: it is sealed and proven whatever it holds, shown as what
// it is, and what can be filed reaches the archive with the pixels that were shown; the sound picture beside it always does.

const seed = faultSeed();
const random = faultRandom(seed);
let folder: string;
let world: FaultWorld;

beforeAll(async () => {
  expect(await fileFaults.unavailable()).toBeNull();
  folder = await tempFolder('files');
  world = await fileFaults.open(random, folder);
});

afterAll(async () => {
  await world?.close();
  if (folder) await removeFolder(folder);
});

test.each(hostileFiles)(`$name: $what ($end; seed ${seed})`, async ({ name }) => {
  await world.run(name, random);
});

test(`nothing was lost, nothing erased without proof (seed ${seed})`, async () => {
  expect(await world.violations()).toEqual([]);
});
