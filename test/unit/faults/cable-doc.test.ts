import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { cableScenarios } from '../../faults/kinds/cable-table.ts';
import { rigFaults } from '../../support/usb-rig/faults.ts';

const doc = new URL('../../../docs/reliability-cable.md', import.meta.url);

test('the document tells every scenario of bad devices as the bench does it', async () => {
  const [, scenarios = ''] = (await readFile(doc, 'utf8')).split('\n## Scenarios\n');
  const rows = scenarios
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => /^\| `[a-z0-9-]+` \| [^|]+ \| [^|]+ \|$/.test(line));
  expect(rows).toEqual(cableScenarios.map(({ name, does, ends }) => `| \`${name}\` | ${does} | ${ends} |`));
});

test('no row of the table of the rig is left out, and no two scenarios have one name', () => {
  const met = new Set(cableScenarios.flatMap(({ faults }) => faults));
  expect(Object.keys(rigFaults).filter((name) => !met.has(name as keyof typeof rigFaults))).toEqual([]);
  expect(new Set(cableScenarios.map(({ name }) => name)).size).toBe(cableScenarios.length);
});
