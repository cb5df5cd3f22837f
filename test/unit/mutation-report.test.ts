import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import stryker from '../../stryker.config.mjs';

const root = resolve(import.meta.dirname, '../..');

test('the committed mutation report has every file that decides about evidence, and no survivor', async () => {
  const text = await readFile(join(root, 'docs/reliability-mutation.md'), 'utf8');
  const rows = new Map(
    [...text.matchAll(/^\| `([^`]+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map(([, file, ...counts]) => [
      file,
      counts.map(Number),
    ]),
  );
  expect([...rows.keys()].toSorted()).toEqual(stryker.mutate.toSorted());
  for (const [file, [mutants, killed, survived, ignored]] of rows)
    expect({ file, killed, survived, ignored }).toEqual({ file, killed: mutants, survived: 0, ignored: 0 });
  expect(stryker.thresholds.break).toBe(100);
});
