import { Worker } from 'node:worker_threads';
import { PhotodockError } from '../../../../shared/domain/errors.ts';
import type { JobResults, SealedJob } from './jobs.ts';

/** A job of the sealed store failed; `code` is ours (`seal-broken`, `source-changed`) or the system's (`EIO`, `ENOSPC`...). */
export class SealedJobError extends PhotodockError {}

interface Waiting {
  readonly job: SealedJob;
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

/** A few worker threads for the store's hashing and ciphering. Jobs asked by a person (unseal for view) go first. */
export class SealedPool {
  readonly #threads: Thread[] = [];
  readonly #queues: { urgent: Waiting[]; normal: Waiting[] } = { urgent: [], normal: [] };
  #number = 0;
  #closed = false;

  constructor(threads: number) {
    for (let index = 0; index < threads; index += 1) this.#start();
  }

  #start(): void {
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
  }

  #lost(thread: Thread): void {
    const place = this.#threads.indexOf(thread);
    if (place === -1 || this.#closed) return;
    this.#threads.splice(place, 1);
    thread.current?.waiting.reject(new SealedJobError('sealed-thread-lost', 'a thread of the sealed store ended'));
    this.#start();
    this.#next();
  }

  #next(): void {
    for (const thread of this.#threads) {
      if (thread.current) continue;
      const waiting = this.#queues.urgent.shift() ?? this.#queues.normal.shift();
      if (!waiting) return;
      this.#number += 1;
      thread.current = { number: this.#number, waiting };
      thread.worker.postMessage({ number: this.#number, job: waiting.job });
    }
  }

  /** Runs a job on a free thread. @throws SealedJobError */
  run<J extends SealedJob>(job: J, urgent = false): Promise<JobResults[J['job']]> {
    return new Promise<JobResults[J['job']]>((resolve, reject) => {
      if (this.#closed) {
        reject(new SealedJobError('sealed-store-closed', 'the sealed store is closed'));
        return;
      }
      (urgent ? this.#queues.urgent : this.#queues.normal).push({ job, resolve, reject });
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
