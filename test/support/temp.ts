import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A temporary folder that is removed when the test ends. */
export async function tempFolder(name = 'test'): Promise<string> {
  const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), `photodock-${name}-`)));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Every file below a folder, as relative paths. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
