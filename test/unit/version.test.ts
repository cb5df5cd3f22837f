import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '../../main/station/version.ts';

const root = resolve(import.meta.dirname, '../..');

test('the version in objects, certificates and on screen is the version of the package', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { version: string };
  expect(lock.version).toBe(version);
  expect(await readFile(join(root, 'README.md'), 'utf8')).toContain(`Version ${version}:`);
});
