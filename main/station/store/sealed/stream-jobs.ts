import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { missingCase, PhotodockError } from '../../../../shared/domain/errors.ts';
import { DurableFile } from './durable-file.ts';
import { Sealer } from './format.ts';
import { SourceChangedError } from './jobs.ts';

/**
 * The sealed store's side of an object that comes in pieces (from a camera, a phone, the capture screen): each piece is hashed, and
 * sealed where there is a target. One thread serves all of them, a piece at a time: a slow device never keeps it.
 */
export type StreamJob =
  | {
      readonly job: 'stream-begin';
      readonly stream: number;
      /** Bytes that were listed: an object with more is another, and may have no end. */
      readonly size: number;
      readonly seal: { readonly id: string; readonly key: Uint8Array; readonly target: string } | null;
    }
  | { readonly job: 'stream-piece'; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly job: 'stream-end'; readonly stream: number }
  | { readonly job: 'stream-abandon'; readonly stream: number };

export interface StreamResult {
  readonly sha256: string;
  readonly size: number;
}

interface Stream {
  readonly expected: number;
  readonly hash: Hash;
  readonly sealer: Sealer | null;
  readonly file: DurableFile | null;
  size: number;
}

const streams = new Map<number, Stream>();

/** Runs one step of a stream on this thread. @throws SourceChangedError, OwnDiskError; then nothing of it stays */
export function runStreamJob(job: StreamJob): StreamResult | null {
  try {
    return step(job);
  } catch (error) {
    abandon(job.stream);
    throw error;
  }
}

function step(job: StreamJob): StreamResult | null {
  switch (job.job) {
    case 'stream-begin': {
      const sealer = job.seal && new Sealer(job.seal.key, job.seal.id);
      const file = job.seal && new DurableFile(job.seal.target);
      streams.set(job.stream, { expected: job.size, hash: createHash('sha256'), sealer, file, size: 0 });
      if (file && sealer) file.put([sealer.header]);
      return null;
    }
    case 'stream-piece': {
      const stream = known(job.stream);
      stream.size += job.bytes.length;
      if (stream.size > stream.expected) throw new SourceChangedError('size');
      stream.hash.update(job.bytes);
      const sealed = stream.sealer?.push(job.bytes) ?? [];
      if (sealed.length > 0) stream.file?.put(sealed);
      return null;
    }
    case 'stream-end': {
      const stream = known(job.stream);
      if (stream.size !== stream.expected) throw new SourceChangedError('size');
      if (stream.file && stream.sealer) {
        stream.file.put(stream.sealer.end());
        stream.file.finish();
      }
      streams.delete(job.stream);
      return { sha256: stream.hash.digest('hex'), size: stream.size };
    }
    case 'stream-abandon':
      abandon(job.stream);
      return null;
    default:
      return missingCase(job);
  }
}

function known(number: number): Stream {
  const stream = streams.get(number);
  if (!stream) throw new PhotodockError('sealed-stream-lost', 'the stream was given up');
  return stream;
}

function abandon(number: number): void {
  streams.get(number)?.file?.abandon();
  streams.delete(number);
}
