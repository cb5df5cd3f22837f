import fs from 'node:fs/promises';
import path from 'node:path';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import { syncFolder, writeDurably } from './durable-files.ts';

/** Lies in a data folder while it is restored or recovered: no station may begin to work with half of it. */
const FILE = 'unfinished.json';

export type Unfinished = 'restore' | 'recover';

/** A restore or a recovery of this data folder was begun and not ended. */
export class UnfinishedError extends PhotodockError {
  constructor(what: Unfinished) {
    super(`${what}-unfinished`, `photodock ${what} was begun on this data folder and not ended: run it again`);
  }
}

export async function readUnfinished(dataFolder: string): Promise<Unfinished | null> {
  const text = await fs.readFile(path.join(dataFolder, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (text === null) return null;
  return text.includes('restore') ? 'restore' : 'recover';
}

/** @throws UnfinishedError */
export async function refuseUnfinished(dataFolder: string): Promise<void> {
  const what = await readUnfinished(dataFolder);
  if (what !== null) throw new UnfinishedError(what);
}

export async function markUnfinished(dataFolder: string, what: Unfinished): Promise<void> {
  await writeDurably(path.join(dataFolder, FILE), `${JSON.stringify({ what })}\n`);
}

export async function markFinished(dataFolder: string): Promise<void> {
  await fs.rm(path.join(dataFolder, FILE), { force: true });
  await syncFolder(dataFolder);
}
