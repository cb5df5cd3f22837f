import fs from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../../shared/domain/errors.ts';
import type { SealedStore } from '../store/index.ts';
import { sealedFile } from '../store/index.ts';
import { forEachOf, sizeOf } from './durable-files.ts';
import type { SealedEntry } from './snapshot.ts';

/** A sealed file of which no sound copy could be made. */
export interface UnsoundFile {
  readonly id: string;
  readonly name: string;
  readonly code: string;
}

export interface CopyOptions {
  readonly sealed: SealedStore;
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
  /** How many at a time. */
  readonly width: number;
  readonly onFile: (bytes: number) => void;
  /** What a target that cannot be written is called. */
  readonly targetError?: (error: unknown) => unknown;
}

/** Which of these files are not at the target yet, by name and size: contents never change, names are random. */
export async function missingAt(target: string, entries: readonly SealedEntry[], signal: AbortSignal) {
  const missing: SealedEntry[] = [];
  await forEachOf(entries, 16, async (entry) => {
    signal.throwIfAborted();
    if ((await sizeOf(sealedFile(target, entry.name))) !== entry.sealedBytes) missing.push(entry);
  });
  return missing;
}

/**
 * Copies sealed files between a data folder and a backup. Each is opened on its way, so that what arrives is sound; one that is not
 * is named, and changes nothing at the target.
 * @throws what `targetError` makes of it, when the target cannot be written
 */
export async function copySealed(entries: readonly SealedEntry[], options: CopyOptions): Promise<UnsoundFile[]> {
  const { sealed, from, to, signal } = options;
  const unsound: UnsoundFile[] = [];
  await fs.mkdir(path.join(to, 'sealed'), { recursive: true, mode: 0o700 });
  await forEachOf(entries, options.width, async (entry) => {
    signal.throwIfAborted();
    const source = sealedFile(from, entry.name);
    const target = sealedFile(to, entry.name);
    const code = await sealed.copy(entry, source, target).then(
      ({ sha256 }) => (sha256 === entry.sha256 ? null : 'seal-broken'),
      async (error: unknown) => {
        // The one disk or the other: a source that cannot be read by itself is the source's trouble.
        const trouble = await sealed.check(entry, source).then(() => null, errorCode);
        if (trouble === null) throw options.targetError?.(error) ?? error;
        return trouble;
      },
    );
    // What lies at the target already stays, even damaged: it may be the better half of a picture.
    if (code !== null) unsound.push({ id: entry.id, name: entry.name, code });
    options.onFile(entry.sealedBytes);
  });
  return unsound;
}
