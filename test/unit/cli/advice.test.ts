import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ADVISED_CODES, adviceFor } from '../../../main/cli/advice.ts';
import { hasWords, wordsOf } from '../../../main/cli/words.ts';

const document = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');
const rows = new Map(
  [...document.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map((match) => [
    match[1]!,
    [match[2], match[3]],
  ]),
);

test('what the doctor advises stands in the troubleshooting table, word for word', () => {
  for (const code of ADVISED_CODES) expect(rows.get(code), code).toEqual([wordsOf(code), adviceFor(code)]);
  expect([...rows.keys()].toSorted()).toEqual([...ADVISED_CODES].toSorted());
});

test('every code with advice has words too', () => {
  expect(ADVISED_CODES.filter((code) => !hasWords(code))).toEqual([]);
});
