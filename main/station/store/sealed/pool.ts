import { Worker } from 'node:worker_threads';
import { PhotodockError } from '../../../../shared/domain/errors.ts';
import type { JobResults, SealedJob } from './jobs.ts';

/** A job of the sealed store failed; `code` is ours (`seal-broken`, `source-changed`) or the system's (`EIO`, `ENOSPC`...). */
export class SealedJobError extends PhotodockError {}

interface Waiting {
  readonly job: SealedJob;
  readonly lane: string | null;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  current: { readonly number: number; readonly waiting: Waiting } | null;
}

type Answer =
  | { number: number; ok: true; value: JobResults[SealedJob['job']] }
  | { number: number; ok: false; code: string; message: string; details: PhotodockError['details'] };

/**
 * A few worker threads for the store's hashing and ciphering, each started when a job first finds none free. Jobs asked by a person (unseal for
 * view) go first.
 */
export class SealedPool {
  readonly #threads: Thread[] = [];
  readonly #queues: { urgent: Waiting[]; normal: Waiting[] } = { urgent: [], normal: [] };
  readonly #most: number;
  #number = 0;
  #closed = false;

  constructor(threads: number) {
    this.#most = threads;
  }

  #start(): Thread {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    worker.unref();
    const thread: Thread = { worker, current: null };
    worker.on('message', (answer: Answer) => {
      const { current } = thread;
      if (current?.number !== answer.number) return;
      thread.current = null;
      if (answer.ok) current.waiting.resolve(answer.value as never);
      else current.waiting.reject(new SealedJobError(answer.code, answer.message, { ...answer.details }));
      this.#next();
    });
    worker.on('error', () => this.#lost(thread));
    worker.on('exit', () => this.#lost(thread));
    this.#threads.push(thread);
    return thread;
  }

  #lost(thread: Thread): void {
    const place = this.#threads.indexOf(thread);
    if (place === -1 || this.#closed) return;
    this.#threads.splice(place, 1);
    thread.current?.waiting.reject(new SealedJobError('sealed-thread-lost', 'a thread of the sealed store ended'));
    this.#next();
  }

  /** The first of the lane that has the fewest threads now: a slow medium takes what nobody else wants. */
  #fairest(): Waiting | undefined {
    const threadsOf = (waiting: Waiting) =>
      waiting.lane === null ? 0 : this.#threads.filter(({ current }) => current?.waiting.lane === waiting.lane).length;
    let best = -1;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [place, waiting] of this.#queues.normal.entries()) {
      const threads = threadsOf(waiting);
      if (threads >= fewest) continue;
      best = place;
      fewest = threads;
      if (fewest === 0) break;
    }
    return best === -1 ? undefined : this.#queues.normal.splice(best, 1)[0];
  }

  #next(): void {
    for (;;) {
      const free = this.#threads.find(({ current }) => current === null);
      if (!free && this.#threads.length >= this.#most) return;
      const waiting = this.#queues.urgent.shift() ?? this.#fairest();
      if (!waiting) return;
      const thread = free ?? this.#start();
      this.#number += 1;
      thread.current = { number: this.#number, waiting };
      thread.worker.postMessage({ number: this.#number, job: waiting.job });
    }
  }

  /**
   * Runs a job on a free thread.
   * @param lane jobs of one medium share what is slow about it: no lane keeps another from the threads
   * @throws SealedJobError
   */
  run<J extends SealedJob>(
    job: J,
    { urgent = false, lane = null }: { urgent?: boolean; lane?: string | null } = {},
  ): Promise<JobResults[J['job']]> {
    return new Promise<JobResults[J['job']]>((resolve, reject) => {
      if (this.#closed) {
        reject(new SealedJobError('sealed-store-closed', 'the sealed store is closed'));
        return;
      }
      (urgent ? this.#queues.urgent : this.#queues.normal).push({ job, lane, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const left = [
      ...this.#queues.urgent,
      ...this.#queues.normal,
      ...this.#threads.flatMap((t) => t.current?.waiting ?? []),
    ];
    await Promise.all(this.#threads.map((thread) => thread.worker.terminate()));
    for (const waiting of left) {
      waiting.reject(new SealedJobError('sealed-store-closed', 'the sealed store is closed'));
    }
  }
}
