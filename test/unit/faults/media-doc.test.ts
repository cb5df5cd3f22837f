import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { largeMediumScenarios } from '../../faults/kinds/medium-large.ts';
import { mediumScenarios } from '../../faults/kinds/medium-table.ts';

const doc = new URL('../../../docs/reliability-media.md', import.meta.url);
const all = [...mediumScenarios, ...largeMediumScenarios];

test('the document tells every scenario of bad media as the bench does it', async () => {
  const rows = (await readFile(doc, 'utf8'))
    .split('\n')
    .filter((line) => /^\| `[a-z0-9-]+` \| [^|]+ \| [^|]+ \|$/.test(line));
  expect(rows).toEqual(all.map(({ name, does, ends }) => `| \`${name}\` | ${does} | ${ends} |`));
});

test('no two scenarios have one name', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
