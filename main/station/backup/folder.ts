import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { makeFolder, writeDurably } from './durable-files.ts';
import { BackupError } from './errors.ts';
import { readManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';

/**
 * The folder of a backup:
 *
 *     photodock-backup.json            the mark: whose backup this is
 *     generations/000017-.../          index.db, keys.json, manifest.jsonl (last), ...; `.part` while it is being made
 *     sealed/ab/cd/<32 hex>            sealed files of all generations, exactly as in the data folder
 */
const MARK_FILE = 'photodock-backup.json';
const Mark = z.object({ format: z.literal('photodock-backup-folder/1'), storeId: z.string(), stationName: z.string() });
export type BackupMark = z.output<typeof Mark>;

const GENERATION = /^(\d{6})-\d{8}T\d{6}Z$/;

export interface Generation {
  readonly name: string;
  readonly folder: string;
  readonly number: number;
  /** Null when it is damaged: no key was asked, so a sound one may still have been changed. */
  readonly manifest: Manifest | null;
}

export const generationsOf = (backup: string): string => path.join(backup, 'generations');

/** `000017-20261122T041500Z`: sorts by number, whatever the clock does. */
export function generationName(number: number, madeAt: number): string {
  const moment = new Date(madeAt).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${String(number).padStart(6, '0')}-${moment}`;
}

/** The mark of a backup folder; null when the folder is empty. @throws BackupError `not-a-backup` */
export async function readMark(backup: string): Promise<BackupMark | null> {
  const text = await fs.readFile(path.join(backup, MARK_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) {
    // What a file system itself puts into an empty disk, and a mark that was not renamed yet, are nothing of anybody's.
    const names = (await fs.readdir(backup)).filter((name) => !['lost+found', `${MARK_FILE}.part`].includes(name));
    if (names.length === 0) return null;
    throw new BackupError('not-a-backup', 'the folder holds something else than a backup of Photodock');
  }
  try {
    return Mark.parse(JSON.parse(text));
  } catch {
    throw new BackupError('not-a-backup', 'the mark of the backup folder is damaged');
  }
}

export async function markFolder(backup: string, storeId: string, stationName: string): Promise<void> {
  const mark: BackupMark = { format: 'photodock-backup-folder/1', storeId, stationName };
  await writeDurably(path.join(backup, MARK_FILE), `${JSON.stringify(mark, null, 1)}\n`);
  await makeFolder(generationsOf(backup));
}

/** All whole generations, newest first. What is being made, or was left by a killed backup, is none. */
export async function listGenerations(backup: string, storeKey: Uint8Array | null = null): Promise<Generation[]> {
  const names = await fs.readdir(generationsOf(backup)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found: Generation[] = [];
  for (const name of names) {
    const number = Number(GENERATION.exec(name)?.[1] ?? 0);
    if (number === 0) continue;
    const folder = path.join(generationsOf(backup), name);
    const manifest = await readManifest(folder, storeKey).catch((error: unknown) => {
      if (error instanceof BackupError) return null;
      throw error;
    });
    found.push({ name, folder, number, manifest });
  }
  return found.sort((a, b) => b.number - a.number);
}
