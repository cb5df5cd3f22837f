import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

// What the documents point to is there: files, pictures, and headings.

const root = resolve(import.meta.dirname, '../..');

async function documents(): Promise<string[]> {
  const inDocs = await readdir(join(root, 'docs'), { recursive: true });
  const names = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...inDocs.map((name) => join('docs', name))];
  return names.filter((name) => name.endsWith('.md'));
}

const withoutCode = (text: string) => text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** Targets of links and pictures, without those to other sites. */
function targetsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

/** Headings as GitHub names them in addresses. */
function anchorsOf(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every relative link and picture of the documents is there', async () => {
  const broken: string[] = [];
  let links = 0;
  for (const name of await documents()) {
    for (const target of targetsOf(await readFile(join(root, name), 'utf8'))) {
      links += 1;
      const [file = '', anchor] = target.split('#');
      const full = file === '' ? join(root, name) : join(root, dirname(name), decodeURIComponent(file));
      const sound =
        !relative(root, full).startsWith('..') &&
        existsSync(full) &&
        (anchor === undefined || anchorsOf(await readFile(full, 'utf8')).includes(anchor));
      if (!sound) broken.push(`${name}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
  expect(links).toBeGreaterThan(20);
});

test('every picture in docs/screenshots is shown somewhere, and all together are small', async () => {
  const text = (await Promise.all((await documents()).map((name) => readFile(join(root, name), 'utf8')))).join('\n');
  const pictures = await readdir(join(root, 'docs', 'screenshots'));
  expect(pictures.filter((name) => !text.includes(`screenshots/${name})`))).toEqual([]);
  const sizes = await Promise.all(pictures.map((name) => readFile(join(root, 'docs', 'screenshots', name))));
  expect(sizes.reduce((sum, bytes) => sum + bytes.length, 0)).toBeLessThanOrEqual(2_500_000);
});

test('no two decisions have the same number, and each has a title and a status', async () => {
  const names = (await readdir(join(root, 'docs', 'adr'))).toSorted();
  expect(names.length).toBeGreaterThan(10);
  expect(new Set(names.map((name) => name.slice(0, 4))).size).toBe(names.length);
  for (const name of names) {
    const text = await readFile(join(root, 'docs', 'adr', name), 'utf8');
    expect(text, name).toMatch(new RegExp(`^# 0*${Number(name.slice(0, 4))}[.:] \\S`));
    expect(text, name).toMatch(/Status: (accepted|superseded)/);
  }
});

test('every npm command has its script, and every one that the documents name exists', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const missing = Object.entries(scripts).flatMap(([name, command]) => {
    const file = /^node (\S+)/.exec(command)?.[1];
    return file === undefined || existsSync(join(root, file)) ? [] : [`package.json: ${name}`];
  });
  for (const name of await documents()) {
    const text = await readFile(join(root, name), 'utf8');
    for (const match of text.matchAll(/\bnpm run (?:-s )?([a-z]+)/g)) {
      if (!Object.hasOwn(scripts, match[1]!)) missing.push(`${name}: npm run ${match[1]}`);
    }
    for (const match of text.matchAll(/\bnode (scripts\/[\w.-]+\.(?:mjs|ts))/g)) {
      if (!existsSync(join(root, match[1]!))) missing.push(`${name}: ${match[1]}`);
    }
  }
  expect(missing).toEqual([]);
});
