import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCorpus } from '../fuzz/corpus.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { planted } from '../fuzz/planted.ts';
import { targets } from '../fuzz/targets/index.ts';

// Every input that the fuzzer keeps because it leads somewhere of its own, and every one that once broke something. `npm run fuzz` finds more.

describe.each(targets)('$name', (target) => {
  test('its property holds for the whole corpus and all seeds', { timeout: 60_000 }, async () => {
    const corpus = await readCorpus(target.name);
    expect(corpus.size).toBeGreaterThan(0);
    for (const [name, bytes] of corpus) {
      const failure = await Promise.resolve()
        .then(() => target.run(bytes))
        .then(() => null, String);
      expect(failure, name).toBeNull();
    }
    for (const bytes of target.seeds()) await target.run(Buffer.from(bytes));
  });
});

test('every folder of the corpus belongs to a target', () => {
  const folders = readdirSync(path.join(import.meta.dirname, '..', 'fuzz', 'corpus'));
  expect(folders.toSorted()).toEqual(targets.map(({ name }) => name).toSorted());
});

test(
  'the search is led by what code runs: it finds a fault behind three bytes, and stops what does not come back',
  { timeout: 60_000 },
  async () => {
    const target = { name: 'planted', covers: ['/fuzz/planted.ts'], seeds: () => [Buffer.alloc(4)], dictionary: [] };
    const run = (bytes: Buffer) => {
      try {
        planted(bytes);
      } catch {
        for (;;);
      }
    };
    try {
      const options = { seconds: 40, seed: 1, save: false, untilFound: true };
      const { crashes } = await fuzz({ ...target, run }, options);
      expect(crashes[0]?.error).toMatch(/timed out/);
      expect(readFileSync(crashes[0]!.file).toString('latin1', 0, 3)).toBe('FUZ');
    } finally {
      rmSync(path.join(import.meta.dirname, '..', 'fuzz', 'crashes', 'planted'), { recursive: true, force: true });
    }
  },
);
