import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const CORPUS = path.join(import.meta.dirname, 'corpus');
const CRASHES = path.join(import.meta.dirname, 'crashes');

/** The committed inputs of a target, by file name. */
export async function readCorpus(target: string): Promise<Map<string, Buffer>> {
  const folder = path.join(CORPUS, target);
  const names = await readdir(folder).catch(() => []);
  const inputs = new Map<string, Buffer>();
  for (const name of names.toSorted()) inputs.set(name, await readFile(path.join(folder, name)));
  return inputs;
}

/** Puts inputs in the place of those the search found before; what people put there under a name of their own (`found-...`) stays. */
export async function writeCorpus(target: string, inputs: readonly Buffer[]): Promise<void> {
  const folder = path.join(CORPUS, target);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) if (!name.startsWith('found-')) await rm(path.join(folder, name));
  for (const bytes of inputs) await writeFile(path.join(folder, nameOf(bytes)), bytes);
}

/** Keeps an input that broke its target. @returns the file */
export async function writeCrash(target: string, bytes: Buffer): Promise<string> {
  const folder = path.join(CRASHES, target);
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, nameOf(bytes));
  await writeFile(file, bytes);
  return file;
}

function nameOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
