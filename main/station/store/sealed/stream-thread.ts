import { Worker } from 'node:worker_threads';
import type { PhotodockError } from '../../../../shared/domain/errors.ts';
import type { MediumStream } from './content.ts';
import { SealedJobError } from './pool.ts';
import type { StreamJob, StreamResult } from './stream-jobs.ts';

type Answer =
  | { number: number; ok: true; value: StreamResult | null }
  | { number: number; ok: false; code: string; message: string; details: PhotodockError['details'] };

interface Waiting {
  resolve(value: StreamResult | null): void;
  reject(error: Error): void;
}

/** Where and how an object is sealed while it comes. */
export interface StreamSeal {
  readonly id: string;
  readonly key: Uint8Array;
  readonly target: string;
}

/** How many pieces may be on their way to the thread: enough that neither side waits, few enough to stay small. */
const PIECES_AHEAD = 2;
/** What is kept of the beginning, to tell the kind of an object. */
const FIRST_BYTES = 65_536;

/** Takes objects that come in pieces through hash and cipher, on a thread of their own. */
export class StreamThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #number = 0;
  #stream = 0;
  #closed = false;

  #thread(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./stream-worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.number);
      this.#waiting.delete(answer.number);
      if (answer.ok) waiting?.resolve(answer.value);
      else waiting?.reject(new SealedJobError(answer.code, answer.message, { ...answer.details }));
    });
    const lost = () => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#rejectAll('sealed-thread-lost', 'the thread of the sealed store ended');
    };
    worker.on('error', lost);
    worker.on('exit', lost);
    this.#worker = worker;
    return worker;
  }

  #rejectAll(code: string, message: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new SealedJobError(code, message));
    this.#waiting.clear();
  }

  #run(job: StreamJob): Promise<StreamResult | null> {
    if (this.#closed) return Promise.reject(new SealedJobError('sealed-store-closed', 'the sealed store is closed'));
    return new Promise((resolve, reject) => {
      this.#number += 1;
      this.#waiting.set(this.#number, { resolve, reject });
      this.#thread().postMessage({ number: this.#number, job });
    });
  }

  /**
   * Reads an object once, hashes it, and seals it where `seal` says so.
   * @param size bytes that it must have: neither more nor fewer
   * @throws SealedJobError (`source-changed`, `station-disk`, `ENOSPC`...), and whatever the device answers; then nothing stays
   */
  async take(
    source: MediumStream,
    size: number,
    seal: StreamSeal | null,
    signal: AbortSignal,
    onPiece: (bytes: number) => void = () => undefined,
  ): Promise<StreamResult & { readonly firstBytes: Uint8Array }> {
    this.#stream += 1;
    const stream = this.#stream;
    const first: Uint8Array[] = [];
    let firstLength = 0;
    const underway: Promise<unknown>[] = [];
    try {
      await this.#run({ job: 'stream-begin', stream, size, seal });
      for await (const bytes of source.read(signal)) {
        if (firstLength < FIRST_BYTES) {
          first.push(bytes.slice(0, FIRST_BYTES - firstLength));
          firstLength += first.at(-1)!.length;
        }
        const sent = this.#run({ job: 'stream-piece', stream, bytes });
        sent.catch(() => undefined);
        underway.push(sent);
        onPiece(bytes.length);
        if (underway.length > PIECES_AHEAD) await underway.shift();
      }
      await Promise.all(underway);
      const result = await this.#run({ job: 'stream-end', stream });
      return { ...result!, firstBytes: new Uint8Array(Buffer.concat(first)) };
    } catch (error) {
      if (!this.#closed) await this.#run({ job: 'stream-abandon', stream }).catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#rejectAll('sealed-store-closed', 'the sealed store is closed');
  }
}

/** The beginning of an object, at most 64 KiB; the reading stops there. */
export async function peekStream(source: MediumStream, signal: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of source.read(signal)) {
    pieces.push(bytes);
    length += bytes.length;
    if (length >= FIRST_BYTES) break;
  }
  return new Uint8Array(Buffer.concat(pieces).subarray(0, FIRST_BYTES));
}
