import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../../main/cli/commands/index.ts';
import { FailureOutput, outputs } from '../../../main/cli/schemas.ts';
import type { OutputName } from '../../../main/cli/schemas.ts';

const text = await readFile(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8');
const examplesIn = (section: string): unknown[] =>
  [...section.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1]!));

test.each(commands.map(({ name }) => name))('the example output of %s fits its schema', (name) => {
  const section = text.split(/^## /m).find((one) => one.startsWith(`\`${name}\``)) ?? '';
  const examples = examplesIn(section);
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) outputs[name as OutputName].parse(example);
});

test('the example of a failure fits its schema', () => {
  const section = text.split(/^## /m).find((one) => one.startsWith('Output')) ?? '';
  for (const example of examplesIn(section)) FailureOutput.parse(example);
});
