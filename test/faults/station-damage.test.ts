import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultRandom, faultSeed } from '../support/fault-random.ts';
import { removeFolder, tempFolder } from '../support/server-process.ts';
import type { StationBench } from '../support/station-bench.ts';
import { openStationBench } from '../support/station-bench.ts';
import { stationFaults, stationScenarios } from './kinds/station.ts';

// The kind `station` of the bench in short: what the unit tests of index, keys and quarantine cannot show is shown by the real station.

const SHORT = [
  'index: gone, with work in its -wal',
  'wal: a bit of it',
  'keys: gone together with the index',
  'sealed: all gone',
  'older index accepted, then the right one found',
  'disk: full to the last byte at the start',
  'clock: years back',
  'leftovers of a killed start',
  'run: a file in its place',
];

const unavailable = await stationFaults.unavailable();
let folder: string;
let bench: StationBench;
beforeAll(async () => {
  if (unavailable !== null) return;
  folder = await tempFolder('station-damage');
  bench = await openStationBench(folder);
}, 120_000);
afterAll(async () => {
  await bench?.close();
  if (folder) await removeFolder(folder);
});

test.skipIf(unavailable !== null).each(SHORT)('%s', { timeout: 120_000 }, async (name) => {
  const seed = faultSeed();
  await stationScenarios(bench).get(name)!(faultRandom(seed)).catch((error: unknown) => {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : 'failed'}`, { cause: error });
  });
  expect(await bench.violations()).toEqual([]);
});
