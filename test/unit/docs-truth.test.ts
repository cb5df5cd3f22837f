import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../main/cli/commands/index.ts';
import { parseConfig } from '../../main/station/config/index.ts';
import { practicePeople } from '../../main/station/practice/practice-people.ts';

// What the README and the architecture say about the code is what the code says.

const root = resolve(import.meta.dirname, '../..');
const readme = await readFile(join(root, 'README.md'), 'utf8');
const architecture = await readFile(join(root, 'docs', 'architecture.md'), 'utf8');

async function stationSources(): Promise<string> {
  const entries = await readdir(join(root, 'main', 'station'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('\n');
}

test('every station.json of the README is valid', () => {
  const examples = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1]!) as unknown);
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const example of examples) expect(() => parseConfig(example)).not.toThrow();
});

test('the README tells the practice logins, and no other', () => {
  const told = [...readme.matchAll(/^\| `(\w+)` \| `([\w-]+)` \|/gm)].map((match) => [match[1], match[2]]);
  expect(told).toEqual(practicePeople.map(({ login, password }) => [login, password]));
});

test('every command and option that the README shows exists', () => {
  const shown = [...readme.matchAll(/^npm run -s photodock -- (.+)$/gm)].map((match) => match[1]!);
  expect(shown.length).toBeGreaterThan(5);
  for (const line of shown) {
    const command = commands.find((one) => `${line} `.startsWith(`${one.name} `));
    expect(command, line).toBeDefined();
    for (const match of line.matchAll(/--([a-z-]+)/g)) expect(Object.keys(command!.options), line).toContain(match[1]);
  }
});

test('every durable step of the code stands in the table of the architecture, and no other', async () => {
  const coded = [...(await stationSources()).matchAll(/name: '([a-z-]+)',\n\s+concurrency/g)].map((match) => match[1]!);
  const told = [...architecture.matchAll(/^\| `([a-z-]+)` \|.*\|.*\|.*\|.*\|.*\|$/gm)].map((match) => match[1]!);
  expect(coded.length).toBeGreaterThanOrEqual(10);
  expect(told.toSorted()).toEqual(coded.toSorted());
});

test('every kind of evidence stands in the table of the architecture', async () => {
  const source = await readFile(join(root, 'main', 'station', 'evidence.ts'), 'utf8');
  const kinds = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map((match) => match[1]!);
  expect(kinds.length).toBeGreaterThan(8);
  expect(kinds.filter((kind) => !architecture.includes(`\`${kind}\``))).toEqual([]);
});

test('every room of the station stands in the table of the architecture', async () => {
  const entries = await readdir(join(root, 'main', 'station'), { withFileTypes: true });
  const rooms = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  expect(rooms.filter((room) => !architecture.includes(`| \`${room}/\` |`))).toEqual([]);
});
