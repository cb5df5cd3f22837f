import { setTimeout as delay } from 'node:timers/promises';
import { commandContainer, dataContainer } from '../containers.ts';
import { PtpTransportError, type PtpRequest, type PtpResponse } from '../transport.ts';
import { PipeError, type BulkPipe, type PendingRead } from './bulk-pipe.ts';
import { ContainerJoiner } from './container-joiner.ts';

const OPEN_SESSION = 0x1002;
const CLOSE_SESSION = 0x1003;
const OK = 0x2001;
const DEVICE_BUSY = 0x2019;

/** The first read of a phase: a dataset and its response fit. */
const FIRST_READ_BYTES = 16 * 1024;
const MOST_READ_BYTES = 256 * 1024;
/** Reads pending at once: the bus never waits for this process. */
const READS_PENDING = 4;
const DEFAULT_IDLE_MS = 10_000;
/** The same, where the answer may have been lost: after a stall, or behind another transaction's containers. */
const UNSURE_IDLE_MS = 1000;
/** A device that was told to cancel has this long to say that it did, ms. */
const CANCEL_LIMIT_MS = 2000;
/** Silence that says nothing stale is left in the pipe, ms. */
const QUIET_MS = 120;
const MOST_STALE_READS = 4096;
const MOST_STALE_CONTAINERS = 64;

export interface RunOptions {
  /** @param announced payload bytes that were promised; null: unknown. What it waits for, the reading waits for. */
  readonly onData?: (piece: Uint8Array, announced: number | null) => void | Promise<void>;
  readonly signal?: AbortSignal;
  readonly idleMs?: number;
}

/** Runs transactions over the pipes of one device, one at a time, and leaves the pipes in order whatever happens. */
export class Transactions {
  readonly #pipe: BulkPipe;
  readonly #cancelLimitMs: number;
  readonly #quietMs: number;
  #nextId = 1;
  #isInSession = false;
  /** After a failure what is late may still come: it is read away before the next command. */
  #mayBeLate = false;

  constructor(pipe: BulkPipe, { cancelLimitMs = CANCEL_LIMIT_MS, quietMs = QUIET_MS } = {}) {
    this.#pipe = pipe;
    this.#cancelLimitMs = cancelLimitMs;
    this.#quietMs = quietMs;
  }

  /** @throws PtpTransportError */
  async run(request: PtpRequest, options: RunOptions = {}): Promise<PtpResponse> {
    if (options.signal?.aborted) throw new PtpTransportError('cancelled');
    // OpenSession and what is asked outside a session have transaction 0 (ISO 15740, 9.3.1).
    const id = request.code === OPEN_SESSION || !this.#isInSession ? 0 : this.#takeId();
    let response: PtpResponse;
    try {
      if (this.#mayBeLate) await this.#drain();
      this.#mayBeLate = false;
      response = await this.#run(request, id, options);
    } catch (error) {
      throw await this.#recover(error, id);
    }
    if (response.code === OK && request.code === OPEN_SESSION) {
      this.#isInSession = true;
      this.#nextId = 1;
    }
    if (request.code === CLOSE_SESSION) this.#isInSession = false;
    return response;
  }

  /** The device forgets its transaction and its session. @throws PtpTransportError */
  async reset(): Promise<void> {
    this.#isInSession = false;
    try {
      await this.#pipe.resetDevice();
      await this.#settle();
      await this.#drain();
    } catch (error) {
      throw asTransportError(error);
    }
  }

  #takeId(): number {
    const id = this.#nextId;
    this.#nextId = id >= 0xffff_fffe ? 1 : id + 1;
    return id;
  }

  async #run(request: PtpRequest, id: number, options: RunOptions): Promise<PtpResponse> {
    const idleMs = options.idleMs ?? DEFAULT_IDLE_MS;
    await this.#send(commandContainer(request, id), idleMs);
    if (request.dataOut) {
      const data = dataContainer(request.code, id, request.dataOut);
      await this.#send(data, idleMs);
      if (data.length % this.#pipe.outPacketSize === 0) await this.#send(new Uint8Array(0), idleMs);
    }
    return this.#receive(id, options, idleMs);
  }

  async #send(bytes: Uint8Array, idleMs: number): Promise<void> {
    try {
      await this.#pipe.write(bytes, idleMs);
    } catch (error) {
      if (!(error instanceof PipeError)) throw error;
      if (error.failure === 'cancelled') throw new PtpTransportError('device-timeout');
      if (error.failure !== 'stall') throw error;
      await this.#pipe.clearHalt('out');
      await this.#settle();
      await this.#pipe.write(bytes, idleMs);
    }
  }

  async #receive(id: number, options: RunOptions, idleMs: number): Promise<PtpResponse> {
    const pieces: { piece: Uint8Array; announced: number | null }[] = [];
    const joiner = new ContainerJoiner(id, this.#pipe.packetSize, {
      data: (piece, announced) => void pieces.push({ piece, announced }),
    });
    const pending: PendingRead[] = [];
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    aborted.catch(() => undefined);
    const onAbort = () => reject(new PtpTransportError('cancelled'));
    options.signal?.addEventListener('abort', onAbort, { once: true });
    let received = 0;
    let retried = false;
    try {
      while (joiner.response === null) {
        this.#fill(pending, joiner);
        const read = pending.shift()!;
        let chunk: Uint8Array;
        try {
          chunk = await within(
            read.done,
            retried || joiner.staleContainers > 0 ? Math.min(idleMs, UNSURE_IDLE_MS) : idleMs,
            aborted,
          );
        } catch (error) {
          pending.unshift(read);
          // Asking again makes sense only while nothing of the answer was lost.
          const mayAskAgain = error instanceof PipeError && error.failure === 'stall' && received === 0 && !retried;
          if (!mayAskAgain) throw error;
          retried = true;
          await endReads(pending);
          await this.#pipe.clearHalt('in');
          await this.#settle();
          continue;
        }
        received += chunk.length;
        joiner.push(chunk, chunk.length < read.length);
        for (const { piece, announced } of pieces.splice(0)) await options.onData?.(piece, announced);
        if (joiner.staleContainers > MOST_STALE_CONTAINERS)
          throw new PtpTransportError('device-protocol', { what: 'foreign-transactions' });
      }
      // The data of this transaction went by under another's number: its absence must not pass for emptiness.
      if (joiner.hasLostData) throw new PtpTransportError('device-protocol', { what: 'foreign-data' });
      return joiner.response;
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      await endReads(pending);
    }
  }

  /** Keeps as much reading pending as is promised, and never more: what is read beyond would have to be cancelled again. */
  #fill(pending: PendingRead[], joiner: ContainerJoiner): void {
    const { packetSize } = this.#pipe;
    const { wanted } = joiner;
    const read = (bytes: number) => pending.push(this.#pipe.read(Math.ceil(bytes / packetSize) * packetSize));
    if (wanted === null) {
      // After the data the response follows in any case: a second read never waits in vain.
      while (pending.length < 2) read(MOST_READ_BYTES);
      return;
    }
    let left = wanted - pending.reduce((sum, { length }) => sum + length, 0);
    while (left > 0 && pending.length < READS_PENDING) {
      const bytes = Math.min(left, MOST_READ_BYTES);
      read(bytes);
      left -= bytes;
    }
    if (pending.length === 0) read(FIRST_READ_BYTES);
  }

  /** Brings the pipes in order after a failure. @returns what to throw */
  async #recover(error: unknown, id: number): Promise<PtpTransportError> {
    const failure = asTransportError(error);
    this.#mayBeLate = true;
    if (failure.code === 'device-gone') return failure;
    try {
      if (failure.code === 'device-stalled') {
        await this.#pipe.clearHalt('in');
        await unlessGone(this.#pipe.clearHalt('out'));
      } else await unlessGone(this.#pipe.sendCancel(id));
      await this.#settle();
      await this.#drain();
    } catch (second) {
      if (second instanceof PipeError && second.failure === 'gone') return new PtpTransportError('device-gone');
    }
    return failure;
  }

  /** Asks for the status until the device is done with what was cancelled; devices that do not answer it are left alone. */
  async #settle(): Promise<void> {
    const endAt = performance.now() + this.#cancelLimitMs;
    let pause = 5;
    while (performance.now() < endAt) {
      const status = await unlessGone(this.#pipe.deviceStatus());
      if (status !== DEVICE_BUSY) return;
      await delay(pause);
      pause = Math.min(100, pause * 2);
    }
  }

  /** Reads what the device still had to say about what nobody waits for. */
  async #drain(): Promise<void> {
    let stalled = 0;
    for (let reads = 0; reads < MOST_STALE_READS; reads++) {
      const read = this.#pipe.read(Math.ceil(FIRST_READ_BYTES / this.#pipe.packetSize) * this.#pipe.packetSize);
      try {
        await within(read.done, this.#quietMs, null);
      } catch (error) {
        await endReads([read]);
        if (!(error instanceof PipeError)) return;
        if (error.failure !== 'stall' || ++stalled > 3) throw error;
        await this.#pipe.clearHalt('in');
      }
    }
  }
}

async function endReads(pending: PendingRead[]): Promise<void> {
  const ending = pending.splice(0);
  for (const read of ending.toReversed()) read.cancel();
  await Promise.allSettled(ending.map(({ done }) => done));
}

/** `usb` does not keep its own timeouts (devices.md 5.7). */
async function within(work: Promise<Uint8Array>, limitMs: number, aborted: Promise<never> | null): Promise<Uint8Array> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new PtpTransportError('device-timeout')), limitMs);
  work.catch(() => undefined);
  try {
    return await Promise.race(aborted ? [work, late, aborted] : [work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function asTransportError(error: unknown): PtpTransportError {
  if (error instanceof PtpTransportError) return error;
  if (!(error instanceof PipeError)) return new PtpTransportError('device-io');
  if (error.failure === 'gone') return new PtpTransportError('device-gone');
  if (error.failure === 'stall') return new PtpTransportError('device-stalled');
  return new PtpTransportError('device-io');
}

/** What a device need not be able to do; null when it failed. @throws PipeError when the device is gone */
async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PipeError && error.failure === 'gone') throw error;
    return null;
  }
}
