import fs from 'node:fs/promises';
import path from 'node:path';
import { passing } from '#durable';
import { sealedFile } from '../store/index.ts';
import { syncFolder } from './durable-files.ts';
import { generationsOf, listGenerations } from './folder.ts';
import { readManifest } from './manifest.ts';

/** A generation on its way out is called so: it is none any more, and its sealed files go before it. */
const OLD = '.old';

/** Clears away what a killed backup left: a generation without its name, one that was going. */
export async function tidy(backup: string, storeKey: Uint8Array): Promise<void> {
  for (const name of await fs.readdir(generationsOf(backup))) {
    const folder = path.join(generationsOf(backup), name);
    if (name.endsWith('.part')) await fs.rm(folder, { recursive: true, force: true });
    if (name.endsWith(OLD)) await drop(backup, folder, storeKey);
  }
}

export interface Pruned {
  readonly generations: number;
  readonly prunedFiles: number;
  /** Their manifest cannot be believed. While there is one, no sealed file is removed: it might be one of theirs. */
  readonly damagedGenerations: readonly string[];
}

/** Keeps the newest generations and removes the sealed files that none of the kept ones names. */
export async function prune(backup: string, storeKey: Uint8Array, keep: number): Promise<Pruned> {
  const all = await listGenerations(backup, storeKey);
  const sound = all.filter(({ manifest }) => manifest !== null);
  const damagedGenerations = all.filter(({ manifest }) => manifest === null).map(({ name }) => name);
  let prunedFiles = 0;
  for (const { folder } of sound.slice(keep)) {
    passing('before old generation goes');
    await fs.rename(folder, folder + OLD);
    await syncFolder(generationsOf(backup));
    prunedFiles += await drop(backup, folder + OLD, storeKey);
    passing('old generation gone');
  }
  return { generations: Math.min(keep, sound.length), prunedFiles, damagedGenerations };
}

/** Removes what only this one needed, then it. Killed in between, the next backup does it again. */
async function drop(backup: string, folder: string, storeKey: Uint8Array): Promise<number> {
  const manifest = await readManifest(folder, storeKey).catch(() => null);
  const kept = await listGenerations(backup, storeKey);
  let removed = 0;
  if (manifest !== null && kept.every((one) => one.manifest !== null)) {
    const needed = new Set(kept.flatMap((one) => one.manifest!.sealed.map(([name]) => name)));
    for (const [name] of manifest.sealed) {
      if (needed.has(name)) continue;
      await fs.rm(sealedFile(backup, name), { force: true });
      removed += 1;
    }
  }
  await fs.rm(folder, { recursive: true, force: true });
  return removed;
}
