import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { commands } from '../../../main/cli/commands/index.ts';
import { StationConfigSchema, parseConfig } from '../../../main/station/config/config.ts';

const docs = join(import.meta.dirname, '../../../docs');

interface Schema {
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
  anyOf?: Schema[];
}

/** Every key of station.json with its path: `archive.readBack.kind`. */
function keysOf(schema: Schema, path = ''): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    `${path}${name}`,
    ...keysOf(inner, `${path}${name}.`),
  ]);
  return [...own, ...[...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((one) => keysOf(one, path))];
}

const keys = [...new Set(keysOf(z.toJSONSchema(StationConfigSchema, { io: 'input' }) as Schema))];

test('docs/configuration.md describes every key of station.json, and no other', async () => {
  const text = await readFile(join(docs, 'configuration.md'), 'utf8');
  const described = [...text.matchAll(/^\| `([a-zA-Z.]+)` \|/gm)].map((match) => match[1]!);
  expect(keys.length).toBeGreaterThan(30);
  expect(described.toSorted()).toEqual(keys.toSorted());
});

test('every whole example of docs/configuration.md is a valid configuration', async () => {
  const text = await readFile(join(docs, 'configuration.md'), 'utf8');
  const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(
    (match) => JSON.parse(match[1]!) as Record<string, unknown>,
  );
  const whole = examples.filter((one) => 'station' in one);
  expect(whole.length).toBeGreaterThanOrEqual(2);
  for (const example of whole) expect(() => parseConfig(example)).not.toThrow();
});

test('docs/cli.md describes every command with all its options', async () => {
  const text = await readFile(join(docs, 'cli.md'), 'utf8');
  for (const command of commands) {
    const section = text.split(/^## /m).find((one) => one.startsWith(`\`${command.name}\``));
    expect(section, command.name).toBeDefined();
    for (const option of Object.keys(command.options)) expect(section, command.name).toContain(`--${option}`);
  }
});
