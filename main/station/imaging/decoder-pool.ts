import type { Received } from './answer-reader.ts';
import { Decoder, type DecoderLimits, type JobInput } from './decoder.ts';
import { ImagingFailedError } from './errors.ts';
import type { Launch } from './launch.ts';

/** What a person looks at goes before what is being filed, and that before what happens by itself. */
const PRIORITIES = ['view', 'record', 'background'] as const;
export type Priority = (typeof PRIORITIES)[number];

export type Logger = { warn(details: Record<string, unknown>, message: string): void };

type Waiting = {
  input: JobInput;
  signal: AbortSignal | undefined;
  resolve: (received: Received) => void;
  reject: (error: unknown) => void;
};

/** So often in a row may a process die before it is ready; then jobs are rejected instead of waiting for ever. */
const MOST_FAILED_STARTS = 3;

/** Hands the jobs to decoders, one each at a time. One more is started when a job finds none free; those that run stay. */
export class DecoderPool {
  readonly #launch: Launch;
  readonly #limits: DecoderLimits;
  readonly #processes: number;
  readonly #logger: Logger | undefined;
  readonly #all = new Set<Decoder>();
  readonly #idle: Decoder[] = [];
  #working = 0;
  readonly #queues: Record<Priority, Waiting[]> = { view: [], record: [], background: [] };
  #failedStarts = 0;
  #isClosed = false;

  constructor(launch: Launch, limits: DecoderLimits, processes: number, logger: Logger | undefined) {
    this.#launch = launch;
    this.#limits = limits;
    this.#processes = processes;
    this.#logger = logger;
  }

  /** Process ids, for the health page and for tests. */
  get processIds(): number[] {
    return [...this.#all].map(({ pid }) => pid).filter((pid) => pid !== undefined);
  }

  /** @throws ImagingFailedError, what the source threw, or the signal's reason */
  async run(input: JobInput, priority: Priority, signal: AbortSignal | undefined): Promise<Received> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new ImagingFailedError('imaging-closed', 'imaging is closed');
    const { promise, resolve, reject } = Promise.withResolvers<Received>();
    const waiting = { input, signal, resolve, reject };
    const giveUp = () => this.#giveUp(waiting, priority);
    signal?.addEventListener('abort', giveUp, { once: true });
    this.#queues[priority].push(waiting);
    if (this.#all.size === 0) this.#failedStarts = 0;
    this.#fill();
    this.#pump();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#rejectAll(new ImagingFailedError('imaging-closed', 'imaging is closed'));
    const decoders = [...this.#all];
    for (const decoder of decoders) decoder.kill('imaging-closed');
    await Promise.all(decoders.map(({ ended }) => ended));
  }

  #giveUp(waiting: Waiting, priority: Priority): void {
    const queue = this.#queues[priority];
    const at = queue.indexOf(waiting);
    if (at === -1) return;
    queue.splice(at, 1);
    waiting.reject(waiting.signal?.reason);
  }

  #fill(): void {
    const jobs = this.#working + PRIORITIES.reduce((sum, priority) => sum + this.#queues[priority].length, 0);
    const wanted = Math.min(this.#processes, jobs);
    while (!this.#isClosed && this.#all.size < wanted && this.#failedStarts < MOST_FAILED_STARTS) this.#start();
  }

  #start(): void {
    const decoder = new Decoder(this.#launch, this.#limits);
    let wasReady = false;
    this.#all.add(decoder);
    decoder.ready.then(
      () => {
        wasReady = true;
        this.#failedStarts = 0;
        this.#free(decoder);
      },
      () => undefined,
    );
    void decoder.ended.then(() => {
      this.#all.delete(decoder);
      const at = this.#idle.indexOf(decoder);
      if (at !== -1) this.#idle.splice(at, 1);
      if (this.#isClosed) return;
      if (!wasReady) this.#failedStarts++;
      if (this.#failedStarts >= MOST_FAILED_STARTS && this.#all.size === 0) {
        this.#logger?.warn({ code: 'decoder-unavailable' }, 'the imaging process cannot be started');
        this.#rejectAll(new ImagingFailedError('decoder-unavailable', 'the imaging process cannot be started'));
      }
      this.#fill();
    });
  }

  #free(decoder: Decoder): void {
    if (!decoder.isAlive) return;
    this.#idle.push(decoder);
    this.#pump();
  }

  #pump(): void {
    while (this.#idle.length > 0) {
      const next = this.#takeNext();
      if (next === undefined) return;
      void this.#perform(this.#idle.shift()!, next);
    }
  }

  #takeNext(): Waiting | undefined {
    const priority = PRIORITIES.find((candidate) => this.#queues[candidate].length > 0);
    return priority === undefined ? undefined : this.#queues[priority].shift();
  }

  async #perform(decoder: Decoder, { input, signal, resolve, reject }: Waiting): Promise<void> {
    const abandon = () => {
      decoder.abandon();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abandon, { once: true });
    this.#working += 1;
    try {
      const received = await decoder.run(input);
      if (received.header.ok && received.header.isTired) decoder.dismiss();
      resolve(received);
    } catch (error) {
      if (error instanceof ImagingFailedError && !signal?.aborted && !this.#isClosed) {
        this.#logger?.warn({ code: error.code, task: input.task, size: input.size }, 'an imaging job failed');
      }
      reject(error);
    } finally {
      signal?.removeEventListener('abort', abandon);
      this.#working -= 1;
      this.#free(decoder);
    }
  }

  #rejectAll(error: Error): void {
    for (const priority of PRIORITIES) for (const { reject } of this.#queues[priority].splice(0)) reject(error);
  }
}
