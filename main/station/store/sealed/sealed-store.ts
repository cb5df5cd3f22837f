import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { JobResults, MediumFile } from './jobs.ts';
import { SealedPool } from './pool.ts';

/** Where one sealed object lies and how it opens; kept in its row of the index and nowhere else. */
export interface SealedRef {
  /** Id of the item or instance: authenticated with every chunk. */
  readonly id: string;
  /** Random hex, no meaning. */
  readonly name: string;
  readonly key: Uint8Array;
}

/** The quarantine: sealed files beside the index, random names, one key each. */
export class SealedStore {
  readonly #folder: string;
  readonly #pool: SealedPool;

  constructor(dataFolder: string, threads = 3) {
    this.#folder = path.join(dataFolder, 'sealed');
    this.#pool = new SealedPool(threads);
  }

  /** A new name and key for an object. Nothing is written yet. */
  plan(id: string): SealedRef {
    return { id, name: randomBytes(16).toString('hex'), key: new Uint8Array(randomBytes(32)) };
  }

  #pathOf(name: string): string {
    return path.join(this.#folder, name.slice(0, 2), name.slice(2, 4), name);
  }

  /** Streams a file of a medium into the quarantine. @throws SealedJobError (`source-changed`, `EIO`, `ENOSPC`, ...) */
  sealFile(
    ref: SealedRef,
    source: MediumFile,
    expected: { size: number; modifiedAt: number },
  ): Promise<JobResults['seal-file']> {
    return this.#pool.run({
      job: 'seal-file',
      ...source,
      id: ref.id,
      key: ref.key,
      target: this.#pathOf(ref.name),
      expected,
    });
  }

  /** Reads the medium again past every cache, and opens the sealed file again; answers both hashes. */
  proveFile(ref: SealedRef, source: MediumFile, size: number): Promise<JobResults['prove-file']> {
    const sealed = this.#pathOf(ref.name);
    return this.#pool.run({ job: 'prove-file', ...source, size, id: ref.id, key: ref.key, sealed });
  }

  /** Hashes what is on the medium now, past every cache. @throws SealedJobError `source-changed` when it is more than `size` */
  hashFile(source: MediumFile, size: number): Promise<JobResults['hash-file']> {
    return this.#pool.run({ job: 'hash-file', ...source, size });
  }

  /** The first 64 KiB of a file on a medium, to tell its kind. */
  peekFile(source: MediumFile): Promise<JobResults['peek-file']> {
    return this.#pool.run({ job: 'peek-file', ...source });
  }

  /** Seals bytes that the station itself made (a DICOM object). */
  sealBytes(ref: SealedRef, bytes: Uint8Array): Promise<JobResults['seal-bytes']> {
    return this.#pool.run({ job: 'seal-bytes', bytes, id: ref.id, key: ref.key, target: this.#pathOf(ref.name) });
  }

  /** Opens a sealed object; every chunk is verified. @throws SealedJobError (`seal-broken`, `ENOENT`) */
  unseal(ref: SealedRef, urgent = false): Promise<JobResults['unseal']> {
    return this.#pool.run({ job: 'unseal', sealed: this.#pathOf(ref.name), id: ref.id, key: ref.key }, urgent);
  }

  /** Removes a sealed file that no row knows any more. */
  async remove(name: string): Promise<void> {
    await fs.rm(this.#pathOf(name), { force: true });
  }

  /**
   * Start-up sweep, before any job runs: files that no row names (a step in flight when the process died) are removed;
   * rows without their file are answered, never removed.
   */
  async sweep(known: ReadonlySet<string>): Promise<{ removed: number; missing: string[] }> {
    const found = new Set<string>();
    let removed = 0;
    const entries = await fs.readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      if (known.has(entry.name)) {
        found.add(entry.name);
      } else {
        await fs.rm(path.join(entry.parentPath, entry.name), { force: true });
        removed += 1;
      }
    }
    return { removed, missing: [...known].filter((name) => !found.has(name)) };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
