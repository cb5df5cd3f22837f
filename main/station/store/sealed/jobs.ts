import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { missingCase, PhotodockError } from '../../../../shared/domain/errors.ts';
import type { UncachedHow } from './direct-read.ts';
import { readUncached } from './direct-read.ts';
import { DurableFile, onOwnDisk } from './durable-file.ts';
import { modifiedAtOf } from './modified-at.ts';
import { CHUNK_BYTES, HEADER_BYTES, plainSize, SealBrokenError, Sealer, TAG_BYTES, Unsealer } from './format.ts';

/**
 * The blocking jobs of the sealed store, run in worker threads: each streams one file through hash and cipher, nothing
 * is buffered whole.
 */
export interface MediumFile {
  /** Absolute path; as bytes where the name is no valid UTF-8. */
  readonly file: string | Uint8Array;
  /** Real path of the medium's root: what is opened must lie inside. */
  readonly root: string;
}
export interface SealFileJob extends MediumFile {
  readonly job: 'seal-file';
  readonly id: string;
  readonly key: Uint8Array;
  readonly target: string;
  readonly expected: { readonly size: number; readonly modifiedAt: number };
}
export interface ProveFileJob extends MediumFile {
  readonly job: 'prove-file';
  /** Bytes that were sealed: a file with more is another, and may have no end. */
  readonly size: number;
  readonly sealed: string;
  readonly id: string;
  readonly key: Uint8Array;
}
export interface HashFileJob extends MediumFile {
  readonly job: 'hash-file';
  /** Bytes that were sealed: a file with more is another, and may have no end. */
  readonly size: number;
}
export interface PeekFileJob extends MediumFile {
  readonly job: 'peek-file';
}
export interface SealBytesJob {
  readonly job: 'seal-bytes';
  readonly bytes: Uint8Array;
  readonly id: string;
  readonly key: Uint8Array;
  readonly target: string;
}
export interface UnsealJob {
  readonly job: 'unseal';
  readonly sealed: string;
  readonly id: string;
  readonly key: Uint8Array;
}
/** Copies a sealed file as it is, into another quarantine, and opens it on the way. */
export interface CopyJob {
  readonly job: 'copy';
  readonly sealed: string;
  readonly id: string;
  readonly key: Uint8Array;
  readonly target: string;
}
/** Opens a sealed file and keeps nothing but the hash. */
export interface CheckJob {
  readonly job: 'check';
  readonly sealed: string;
  readonly id: string;
  readonly key: Uint8Array;
}
export type SealedJob =
  SealFileJob | ProveFileJob | HashFileJob | PeekFileJob | SealBytesJob | UnsealJob | CopyJob | CheckJob;

export interface JobResults {
  'seal-file': { sha256: string; size: number; firstBytes: Uint8Array };
  'prove-file': { secondSha256: string; how: UncachedHow; unsealedSha256: string };
  'hash-file': { sha256: string; size: number; modifiedAt: number; inode: number; how: UncachedHow };
  'peek-file': { firstBytes: Uint8Array };
  'seal-bytes': { sha256: string };
  unseal: { bytes: Uint8Array; sha256: string };
  copy: { sha256: string };
  check: { sha256: string };
}

/** The object on the medium is not the one that was listed (other size or time, or no regular file inside the medium). */
export class SourceChangedError extends PhotodockError {
  constructor(what: 'size' | 'time' | 'kind' | 'outside') {
    super('source-changed', `the file on the medium is not the one that was listed: ${what}`, { what });
  }
}

const READ_BYTES = 1 << 20;
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);

function pathOf(file: string | Uint8Array): string | Buffer {
  return typeof file === 'string' ? file : Buffer.from(file);
}

function openInside({ file, root }: MediumFile): number {
  const descriptor = fs.openSync(
    pathOf(file),
    fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK,
  );
  // A folder on the way may have been swapped for a symlink after listing: ask the kernel what was really opened.
  const real =
    process.platform === 'linux' ? fs.readlinkSync(`/proc/self/fd/${descriptor}`) : fs.realpathSync(pathOf(file));
  const inside = real.startsWith(root.endsWith('/') ? root : `${root}/`);
  if (!inside || !fs.fstatSync(descriptor).isFile()) {
    fs.closeSync(descriptor);
    throw new SourceChangedError(inside ? 'kind' : 'outside');
  }
  return descriptor;
}

/** Writes a sealed file whole or not at all. */
function writeDurably(target: string, write: (put: (pieces: readonly Uint8Array[]) => void) => void): void {
  const file = new DurableFile(target);
  try {
    write((pieces) => file.put(pieces));
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

function sealFile(job: SealFileJob): JobResults['seal-file'] {
  const descriptor = openInside(job);
  try {
    const mustBeAsListed = () => {
      const now = fs.fstatSync(descriptor);
      if (now.size !== job.expected.size) throw new SourceChangedError('size');
      if (modifiedAtOf(now) !== job.expected.modifiedAt) throw new SourceChangedError('time');
    };
    mustBeAsListed();
    const hash = createHash('sha256');
    const sealer = new Sealer(job.key, job.id);
    let size = 0;
    let firstBytes = new Uint8Array(0);
    writeDurably(job.target, (put) => {
      put([sealer.header]);
      for (;;) {
        const count = fs.readSync(descriptor, readBuffer, 0, READ_BYTES, size);
        if (count === 0) break;
        const piece = readBuffer.subarray(0, count);
        if (size === 0) firstBytes = new Uint8Array(piece.subarray(0, 65536));
        size += count;
        // At once: a file that grows while it is read may have no end, and the quarantine's disk has.
        if (size > job.expected.size) throw new SourceChangedError('size');
        hash.update(piece);
        const chunks = sealer.push(piece);
        if (chunks.length > 0) put(chunks);
      }
      // A file that shrank or was written to while it was read is not the file that was listed.
      if (size !== job.expected.size) throw new SourceChangedError('size');
      mustBeAsListed();
      put(sealer.end());
    });
    return { sha256: hash.digest('hex'), size, firstBytes };
  } finally {
    fs.closeSync(descriptor);
  }
}

function unsealInto(
  sealed: string,
  id: string,
  key: Uint8Array,
  onPlain: (plain: Buffer) => void,
  onSealed: (piece: Buffer) => void = () => undefined,
): void {
  const own = <T>(work: () => T) => onOwnDisk('sealed-unreadable', work);
  const descriptor = own(() => fs.openSync(sealed, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW));
  try {
    const total = fs.fstatSync(descriptor).size;
    const header = Buffer.alloc(HEADER_BYTES);
    if (own(() => fs.readSync(descriptor, header, 0, HEADER_BYTES, 0)) !== HEADER_BYTES)
      throw new SealBrokenError('header', 0);
    const unsealer = new Unsealer(key, id, header);
    onSealed(header);
    const stride = CHUNK_BYTES + TAG_BYTES;
    const batch = Buffer.allocUnsafe(stride * 16);
    let position = HEADER_BYTES;
    for (;;) {
      const count = own(() => fs.readSync(descriptor, batch, 0, batch.length, position));
      if (count === 0) throw new SealBrokenError('end', 0);
      for (let offset = 0; offset < count; offset += stride) {
        const chunk = batch.subarray(offset, Math.min(offset + stride, count));
        const last = position + offset + chunk.length === total;
        onPlain(unsealer.open(chunk, last));
        onSealed(chunk);
        if (last) return;
      }
      position += count;
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Hashes the very file that was opened, past the cache. @throws SourceChangedError when it has more bytes than it should */
function hashUncached(descriptor: number, job: MediumFile & { size: number }): { sha256: string; how: UncachedHow } {
  const hash = createHash('sha256');
  let size = 0;
  const take = (piece: Uint8Array) => {
    size += piece.length;
    if (size > job.size) throw new SourceChangedError('size');
    hash.update(piece);
  };
  const how =
    process.platform === 'linux'
      ? readUncached(`/proc/self/fd/${descriptor}`, take, true)
      : readUncached(pathOf(job.file), take);
  return { sha256: hash.digest('hex'), how };
}

function proveFile(job: ProveFileJob): JobResults['prove-file'] {
  const descriptor = openInside(job);
  let second: { sha256: string; how: UncachedHow };
  try {
    second = hashUncached(descriptor, job);
  } finally {
    fs.closeSync(descriptor);
  }
  const unsealed = createHash('sha256');
  unsealInto(job.sealed, job.id, job.key, (plain) => unsealed.update(plain));
  return { secondSha256: second.sha256, how: second.how, unsealedSha256: unsealed.digest('hex') };
}

function hashFile(job: HashFileJob): JobResults['hash-file'] {
  const descriptor = openInside(job);
  try {
    const { size, mtimeMs, ino } = fs.fstatSync(descriptor);
    const hashed = hashUncached(descriptor, job);
    return { ...hashed, size, modifiedAt: modifiedAtOf({ mtimeMs }), inode: ino };
  } finally {
    fs.closeSync(descriptor);
  }
}

function peekFile(job: PeekFileJob): JobResults['peek-file'] {
  const descriptor = openInside(job);
  try {
    const count = fs.readSync(descriptor, readBuffer, 0, 65536, 0);
    return { firstBytes: new Uint8Array(readBuffer.subarray(0, count)) };
  } finally {
    fs.closeSync(descriptor);
  }
}

function sealBytes(job: SealBytesJob): JobResults['seal-bytes'] {
  const sealer = new Sealer(job.key, job.id);
  writeDurably(job.target, (put) => {
    put([sealer.header]);
    for (let offset = 0; offset < job.bytes.length; offset += READ_BYTES) {
      const sealed = sealer.push(job.bytes.subarray(offset, offset + READ_BYTES));
      if (sealed.length > 0) put(sealed);
    }
    put(sealer.end());
  });
  return { sha256: createHash('sha256').update(job.bytes).digest('hex') };
}

function unseal(job: UnsealJob): JobResults['unseal'] {
  const hash = createHash('sha256');
  // An own ArrayBuffer of the right size, so that it can be handed over to the station's thread without a copy.
  const bytes = new Uint8Array(plainSize(onOwnDisk('sealed-unreadable', () => fs.statSync(job.sealed)).size));
  let offset = 0;
  unsealInto(job.sealed, job.id, job.key, (plain) => {
    bytes.set(plain, offset);
    offset += plain.length;
    hash.update(plain);
  });
  return { bytes, sha256: hash.digest('hex') };
}

/** A file that does not open whole leaves no copy: what is copied was verified chunk by chunk. */
function copy(job: CopyJob): JobResults['copy'] {
  const hash = createHash('sha256');
  writeDurably(job.target, (put) =>
    unsealInto(
      job.sealed,
      job.id,
      job.key,
      (plain) => hash.update(plain),
      (piece) => put([piece]),
    ),
  );
  return { sha256: hash.digest('hex') };
}

function check(job: CheckJob): JobResults['check'] {
  const hash = createHash('sha256');
  unsealInto(job.sealed, job.id, job.key, (plain) => hash.update(plain));
  return { sha256: hash.digest('hex') };
}

/** Runs one job on this thread. */
export function runSealedJob(job: SealedJob): JobResults[SealedJob['job']] {
  switch (job.job) {
    case 'seal-file':
      return sealFile(job);
    case 'prove-file':
      return proveFile(job);
    case 'hash-file':
      return hashFile(job);
    case 'peek-file':
      return peekFile(job);
    case 'seal-bytes':
      return sealBytes(job);
    case 'unseal':
      return unseal(job);
    case 'copy':
      return copy(job);
    case 'check':
      return check(job);
    default:
      return missingCase(job);
  }
}
