import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en.ts';
import { beliefs, hostileScenarios, toldBy } from '../support/hostile-scenarios.ts';
import type { HostileScenario } from '../support/hostile-scenarios.ts';

// docs/reliability-archives.md is the table of the hostile archives, for people: the same rows, the same words.

const root = resolve(import.meta.dirname, '../..');
const text = await readFile(join(root, 'docs', 'reliability-archives.md'), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** One scenario as a line of the document. */
export function lineOf(one: HostileScenario): string[] {
  const codes = [...new Set([toldBy(one, 'dimse'), toldBy(one, 'dicomweb')].filter((code) => code !== null))];
  const by = { dimse: 'DIMSE', web: 'web', both: 'both' }[one.protocol];
  const shows = one.expected === 'confirmed' ? '-' : codes.map((code) => `\`${code}\``).join(' or ');
  const dot = one.health === 'ok' ? 'answers' : 'does not answer';
  return [`\`${one.name}\``, by, one.behaviour, one.believes, shows, dot, one.next];
}

test('every scenario of the hostile archive stands in the table, as it is played, and no other', () => {
  const told = rows.filter(([name]) => name?.startsWith('`') && !name.startsWith('`archive.'));
  expect(told.filter((row) => row.length === 7)).toEqual((hostileScenarios as readonly HostileScenario[]).map(lineOf));
});

test('every belief is explained with its stage and its evidence', () => {
  const told = rows.filter((row) => row.length === 3 && row[0] !== 'believes' && row[0] !== '---');
  const kinds = (belief: (typeof beliefs)[keyof typeof beliefs]) =>
    Object.entries(belief.evidence)
      .map(([kind, ok]) => `${kind} ${ok ? 'yes' : 'no'}`)
      .join(', ') || '-';
  expect(told).toEqual(Object.entries(beliefs).map(([name, one]) => [name, `\`${one.stage}\``, kinds(one)]));
});

test('every code that the table shows has words in the window', () => {
  const codes = hostileScenarios.flatMap((one) => [toldBy(one, 'dimse'), toldBy(one, 'dicomweb')]);
  expect(codes.filter((code) => code !== null && !Object.hasOwn(en, `code.${code}`))).toEqual([]);
});
