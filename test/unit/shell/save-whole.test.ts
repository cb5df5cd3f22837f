import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { saveWhole } from '../../../main/shell/save-whole.ts';
import { tempFolder } from '../../support/temp.ts';

test('a file is saved whole, for its owner alone, in the place of the one before', async () => {
  const file = path.join(await tempFolder('save'), 'certificate.jsonl');
  await writeFile(file, 'the one before, which was longer');
  await saveWhole(file, 'whole\n');
  expect(await readFile(file, 'utf8')).toBe('whole\n');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('what cannot be saved leaves nothing behind, and the one before as it was', async () => {
  const folder = await tempFolder('save');
  // A folder of that name cannot be replaced by a file.
  await mkdir(path.join(folder, 'certificate.jsonl', 'inside'), { recursive: true });
  await expect(saveWhole(path.join(folder, 'certificate.jsonl'), 'whole\n')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['certificate.jsonl']);
});
