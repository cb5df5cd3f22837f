import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hostileFiles } from '../support/hostile-files/index.ts';

test('docs/reliability-files.md has every hostile file as the bench has it, and no other', () => {
  const text = readFileSync(new URL('../../docs/reliability-files.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `([^`]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, name, what, end]) => ({
    name,
    what,
    end,
  }));
  expect(rows).toEqual(hostileFiles.map(({ name, what, end }) => ({ name, what, end })));
});
