import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { errorCode, PhotodockError } from '../../../../shared/domain/errors.ts';
import type { MediumContent } from './content.ts';
import { isStream } from './content.ts';
import type { JobResults } from './jobs.ts';
import { SourceChangedError } from './jobs.ts';
import { SealedPool } from './pool.ts';
import { peekStream, StreamThread } from './stream-thread.ts';

/** Where one sealed object lies and how it opens; kept in its row of the index and nowhere else. */
export interface SealedRef {
  /** Id of the item or instance: authenticated with every chunk. */
  readonly id: string;
  /** Random hex, no meaning. */
  readonly name: string;
  readonly key: Uint8Array;
}

export interface SweepResult {
  /** Files that were cut off while they were written: removed. */
  readonly cutOff: number;
  /** Whole sealed files that no row names: moved into `orphans/`. */
  readonly putAside: number;
  /** Files from `orphans/` that a row names after all. */
  readonly putBack: number;
  /** Names whose file is nowhere. */
  readonly missing: readonly string[];
}

const exists = (file: string) =>
  fs.access(file).then(
    () => true,
    () => false,
  );

/** How an object is read that comes in pieces; files are read whole by a thread, and not stopped. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

const NEVER = new AbortController().signal;

/** What sealing leaves free on the disk, or a fiftieth of a small one. */
const LEFT_TO_INDEX_BYTES = 8 << 20;

/** What may be wrong with a sealed file. It is the station's trouble, never the medium's. */
export const SEAL_TROUBLE: ReadonlySet<string> = new Set(['sealed-missing', 'seal-broken', 'sealed-unreadable']);

/** Where a sealed file of this name lies below a data folder, or below a backup of it. */
export function sealedFile(folder: string, name: string): string {
  return path.join(folder, 'sealed', name.slice(0, 2), name.slice(2, 4), name);
}

/** The quarantine: sealed files beside the index, random names, one key each. */
export class SealedStore {
  readonly #folder: string;
  readonly #orphans: string;
  readonly #pool: SealedPool;
  readonly #streams = new StreamThread();
  readonly #trouble = new Map<string, string>();

  constructor(dataFolder: string, threads = 3) {
    this.#folder = path.join(dataFolder, 'sealed');
    this.#orphans = path.join(dataFolder, 'orphans');
    this.#pool = new SealedPool(threads);
  }

  /** A new name and key for an object. Nothing is written yet. */
  plan(id: string): SealedRef {
    return { id, name: randomBytes(16).toString('hex'), key: new Uint8Array(randomBytes(32)) };
  }

  #pathOf(name: string): string {
    return path.join(this.#folder, name.slice(0, 2), name.slice(2, 4), name);
  }

  /**
   * Sealing stops before the disk is full: what is left belongs to the index, which must be able to say so.
   * @throws PhotodockError `station-disk-full`
   */
  async #mustHaveRoom(bytes: number): Promise<void> {
    const { bavail, blocks, bsize } = await fs.statfs(path.dirname(this.#folder));
    const left = Math.min(LEFT_TO_INDEX_BYTES, (blocks * bsize) / 50);
    if (bavail * bsize < bytes + left) throw new PhotodockError('station-disk-full', 'no room to seal in', { bytes });
  }

  /**
   * Streams an object of a medium into the quarantine.
   * @param onBytes how many more bytes have come, of an object that comes in pieces
   * @throws SealedJobError (`source-changed`, `EIO`, `ENOSPC`, ...), or whatever the device answers
   */
  async sealFile(
    ref: SealedRef,
    source: MediumContent,
    expected: { size: number; modifiedAt: number },
    { signal, onBytes }: ReadOptions = {},
  ): Promise<JobResults['seal-file']> {
    await this.#mustHaveRoom(expected.size);
    const seal = { id: ref.id, key: ref.key, target: this.#pathOf(ref.name) };
    if (isStream(source)) {
      if (source.size !== expected.size) throw new SourceChangedError('size');
      if (source.modifiedAt !== expected.modifiedAt) throw new SourceChangedError('time');
      return this.#streams.take(source, expected.size, seal, signal ?? NEVER, onBytes);
    }
    return this.#pool.run({ job: 'seal-file', ...source, ...seal, expected }, { lane: source.root });
  }

  /** Sealed files that are known to be missing, damaged or unreadable, by the id of their item or instance. */
  get trouble(): ReadonlyMap<string, string> {
    return this.#trouble;
  }

  /** Remembers what is wrong with a sealed file until it opens again. */
  note(id: string, code: string): void {
    this.#trouble.set(id, code);
  }

  /** Runs a job that opens a sealed file, and remembers whether it could. */
  async #opening<T>(ref: SealedRef, job: Promise<T>): Promise<T> {
    try {
      const result = await job;
      this.#trouble.delete(ref.id);
      return result;
    } catch (error) {
      if (SEAL_TROUBLE.has(errorCode(error))) this.#trouble.set(ref.id, errorCode(error));
      throw error;
    }
  }

  /** Reads the medium again past every cache, and opens the sealed file again; answers both hashes. */
  async proveFile(
    ref: SealedRef,
    source: MediumContent,
    size: number,
    { signal, onBytes }: ReadOptions = {},
  ): Promise<JobResults['prove-file']> {
    const sealed = { sealed: this.#pathOf(ref.name), id: ref.id, key: ref.key };
    if (!isStream(source)) {
      const job = { job: 'prove-file', ...source, size, ...sealed } as const;
      return this.#opening(ref, this.#pool.run(job, { lane: source.root }));
    }
    const second = await this.#streams.take(source, size, null, signal ?? NEVER, onBytes);
    const unsealed = await this.#opening(ref, this.#pool.run({ job: 'check', ...sealed }));
    return { secondSha256: second.sha256, how: 'device', unsealedSha256: unsealed.sha256 };
  }

  /** Hashes what is on the medium now, past every cache. @throws SealedJobError `source-changed` when it is more than `size` */
  async hashFile(source: MediumContent, size: number, signal = NEVER): Promise<JobResults['hash-file']> {
    if (!isStream(source)) return this.#pool.run({ job: 'hash-file', ...source, size }, { lane: source.root });
    const { sha256 } = await this.#streams.take(source, size, null, signal);
    return { sha256, size, modifiedAt: source.modifiedAt, inode: source.handle, how: 'device' };
  }

  /** The first 64 KiB of an object on a medium, to tell its kind. */
  async peekFile(source: MediumContent, signal = NEVER): Promise<JobResults['peek-file']> {
    if (isStream(source)) return { firstBytes: await peekStream(source, signal) };
    return this.#pool.run({ job: 'peek-file', ...source }, { lane: source.root });
  }

  /** Seals bytes that the station itself made (a DICOM object). */
  async sealBytes(ref: SealedRef, bytes: Uint8Array): Promise<JobResults['seal-bytes']> {
    await this.#mustHaveRoom(bytes.length);
    return this.#pool.run({ job: 'seal-bytes', bytes, id: ref.id, key: ref.key, target: this.#pathOf(ref.name) });
  }

  /** Opens a sealed object; every chunk is verified. @throws SealedJobError (`seal-broken`, `ENOENT`) */
  unseal(ref: SealedRef, urgent = false): Promise<JobResults['unseal']> {
    const job = { job: 'unseal', sealed: this.#pathOf(ref.name), id: ref.id, key: ref.key } as const;
    return this.#opening(ref, this.#pool.run(job, { urgent }));
  }

  /**
   * Copies a sealed file as it is to another place (a backup, or back from one), durably; every chunk is verified on the way.
   * @throws SealedJobError (`seal-broken`, `ENOENT`, `ENOSPC`, ...); then there is no copy
   */
  copy(ref: SealedRef, from: string, to: string): Promise<JobResults['copy']> {
    return this.#pool.run({ job: 'copy', sealed: from, id: ref.id, key: ref.key, target: to });
  }

  /** Opens a sealed file wherever it lies and answers the hash of what is in it. @throws SealedJobError */
  check(ref: SealedRef, file: string): Promise<JobResults['check']> {
    return this.#pool.run({ job: 'check', sealed: file, id: ref.id, key: ref.key });
  }

  /** Opens a sealed file whole and compares it with what was sealed; null when it is sound, else the code of what is wrong. */
  async verify(ref: SealedRef, sha256: string): Promise<string | null> {
    const job = { job: 'check', sealed: this.#pathOf(ref.name), id: ref.id, key: ref.key } as const;
    try {
      const opened = await this.#opening(ref, this.#pool.run(job));
      if (opened.sha256 === sha256) return null;
      this.note(ref.id, 'seal-broken');
      return 'seal-broken';
    } catch (error) {
      return errorCode(error);
    }
  }

  /** Removes a sealed file that no row knows any more. */
  async remove(name: string): Promise<void> {
    await fs.rm(this.#pathOf(name), { force: true });
  }

  /**
   * Start-up sweep, before any job runs. Only what never was a whole sealed file is removed (`.part`: cut off while it was
   * written). A whole file that no row names may be of a step that died before its commit, or of rows that this index
   * does not know because it is an older one: it is put aside into `orphans/`, and put back when an index names it.
   */
  async sweep(known: ReadonlySet<string>): Promise<SweepResult> {
    const found = new Set<string>();
    const result = { cutOff: 0, putAside: 0, putBack: 0 };
    const entries = await fs.readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      if (known.has(entry.name)) {
        found.add(entry.name);
      } else if (entry.name.endsWith('.part')) {
        await fs.rm(file, { force: true });
        result.cutOff += 1;
      } else {
        await fs.mkdir(this.#orphans, { recursive: true, mode: 0o700 });
        await fs.rename(file, path.join(this.#orphans, entry.name));
        result.putAside += 1;
      }
    }
    for (const name of known) {
      if (found.has(name) || !(await exists(path.join(this.#orphans, name)))) continue;
      await fs.mkdir(path.dirname(this.#pathOf(name)), { recursive: true, mode: 0o700 });
      await fs.rename(path.join(this.#orphans, name), this.#pathOf(name));
      found.add(name);
      result.putBack += 1;
    }
    return { ...result, missing: [...known].filter((name) => !found.has(name)) };
  }

  /** Whether the file is there; whether it opens is another question. */
  has(name: string): Promise<boolean> {
    return exists(this.#pathOf(name));
  }

  /** Sealed files that no row of this index names: how many, and their bytes. */
  async orphans(): Promise<{ count: number; bytes: number }> {
    const names = await fs.readdir(this.#orphans).catch(() => []);
    let bytes = 0;
    for (const name of names) bytes += (await fs.stat(path.join(this.#orphans, name)).catch(() => null))?.size ?? 0;
    return { count: names.length, bytes };
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#streams.close()]);
  }
}
