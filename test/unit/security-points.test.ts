import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

// SECURITY.md names tests; a promise whose test is gone would be a promise nobody keeps.

const root = resolve(import.meta.dirname, '../..');

async function textOf(folder: string, endings: readonly string[]): Promise<string> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)));
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('\n');
}

test('every test that SECURITY.md names exists', async () => {
  const security = await readFile(join(root, 'SECURITY.md'), 'utf8');
  const tests = await textOf('test', ['.test.ts']);
  const named = [...security.matchAll(/“([^”]+)”/g)].map((match) => match[1]!);
  expect(named.length).toBeGreaterThan(40);
  // Names are written in single or in double quotes, with an apostrophe or an escaped one.
  const plain = tests.replaceAll("\\'", "'");
  expect([...new Set(named)].filter((name) => !plain.includes(name))).toEqual([]);
});

test('all twenty points of the guide are answered, in order', async () => {
  const security = await readFile(join(root, 'SECURITY.md'), 'utf8');
  const points = [...security.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
  expect(points).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
});

test("the window's code never opens an outside address, and switches no feature of Blink on", async () => {
  const folders = await Promise.all(['main', 'preload', 'renderer'].map((folder) => textOf(folder, ['.ts', '.tsx'])));
  const code = folders.join('\n');
  expect(code).toContain('windowPreferences');
  for (const name of ['openExternal', 'enableBlinkFeatures', 'enable-blink-features', 'allowpopups']) {
    expect(code.includes(name), name).toBe(false);
  }
});
