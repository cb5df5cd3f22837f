import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFile(join(root, name), 'utf8');

interface PackageFile {
  version: string;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const manifest = JSON.parse(await read('package.json')) as PackageFile;
const lock = JSON.parse(await read('package-lock.json')) as { packages: Record<string, { dev?: boolean }> };
const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };

/** Rows of docs/dependencies.md by their heading: `name version`, several in one cell parted by commas. */
async function documented(): Promise<Map<string, Map<string, string>>> {
  const sections = (await read('docs/dependencies.md')).split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [title = ''] = section.split('\n');
      const rows = [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap((match) => match[1]!.split(', '));
      return [title.trim(), new Map(rows.map((row) => row.split(' ') as [string, string]))];
    }),
  );
}

test('every dependency is pinned to one exact version', () => {
  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('docs/dependencies.md names every dependency with its version, and no other', async () => {
  const sections = await documented();
  const told = new Map(
    ['Shipped', 'Bundled into the window at build time', 'Development only'].flatMap((title) => [
      ...(sections.get(title) ?? []),
    ]),
  );
  told.delete('Package');
  told.delete('---');
  expect(Object.fromEntries([...told].toSorted())).toEqual(Object.fromEntries(Object.entries(all).toSorted()));
});

test('what is documented as development only is not shipped, and what ships is documented as shipped', async () => {
  const sections = await documented();
  const isShipped = (name: string) => lock.packages[`node_modules/${name}`]?.dev !== true;
  const development = [...(sections.get('Development only')?.keys() ?? [])];
  expect(development.length).toBeGreaterThan(10);
  expect(development.filter((name) => name in manifest.dependencies || name in manifest.optionalDependencies)).toEqual(
    [],
  );
  const shipped = { ...manifest.dependencies, ...manifest.optionalDependencies };
  for (const name of Object.keys(shipped)) {
    expect(sections.get('Shipped')?.has(name), name).toBe(true);
    expect(isShipped(name), name).toBe(true);
  }
});
