import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { holderOf } from '../usb/holder.ts';
import { launchOf, type LaunchOptions } from '../usb/launch.ts';
import { frame, FROM_DEVICE, FrameReader, MOST_FRAME_BYTES, numbers, readNumbers, TO_DEVICE } from './frames.ts';
import {
  PtpTransportError,
  TRANSPORT_CODES,
  type PtpEvent,
  type PtpRequest,
  type PtpResponse,
  type PtpTransport,
  type TransactOptions,
  type TransportCode,
} from './transport.ts';

const DEVICE_MAIN = fileURLToPath(new URL('process/device-main.ts', import.meta.url));
/** Start of the process, opening of the device and its permissions. */
const OPEN_LIMIT_MS = 20_000;
const CLOSE_LIMIT_MS = 4000;
/** The process keeps the idle limit; should it hang itself, it is ended this much later. */
const GRACE_MS = 15_000;
const UNKNOWN = 0xffff_ffff;

export interface ProcessTransportOptions extends LaunchOptions {
  /** Key of the device (usb/facts.ts). */
  readonly key: string;
  /** Number on the bus: another plug of the same device has another, and is not opened. Null: whatever is plugged there. */
  readonly address: number | null;
  readonly interfaceNumber: number;
}

interface Waiting {
  readonly id: number;
  readonly options: TransactOptions;
  readonly resolve: (response: PtpResponse) => void;
  readonly reject: (error: Error) => void;
  watchdog: NodeJS.Timeout | null;
}

/** A device in a process of its own (process/device-main.ts). */
export class ProcessTransport implements PtpTransport {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #eventListeners = new Set<(event: PtpEvent) => void>();
  readonly #goneListeners = new Set<() => void>();
  readonly #ended: Promise<void>;
  readonly #opened = Promise.withResolvers<void>();
  #waiting: Waiting | null = null;
  #nextId = 1;
  #isGone = false;

  private constructor(options: ProcessTransportOptions) {
    const script = [options.key, String(options.interfaceNumber), String(options.address ?? '')];
    const { command, arguments: launchArguments, environment } = launchOf(DEVICE_MAIN, script, options);
    this.#child = spawn(command, launchArguments, { cwd: '/', env: environment, stdio: 'pipe', windowsHide: true });
    // Its words are not the station's: they could name files.
    this.#child.stderr.resume();
    this.#child.stdin.on('error', () => undefined);
    this.#opened.promise.catch(() => undefined);
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.#lose();
        resolve();
      };
      this.#child.once('close', end);
      this.#child.once('error', end);
    });
    void this.#pump();
  }

  /**
   * Starts the process and opens the device.
   * @throws PtpTransportError `device-gone`, `device-held` (details.holder: name of the program, or null), `device-no-permission`, `device-io`
   */
  static async open(options: ProcessTransportOptions): Promise<ProcessTransport> {
    const transport = new ProcessTransport(options);
    const timer = setTimeout(() => transport.#opened.reject(new PtpTransportError('device-timeout')), OPEN_LIMIT_MS);
    try {
      await transport.#opened.promise;
      return transport;
    } catch (error) {
      await transport.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  transact(request: PtpRequest, options: TransactOptions = {}): Promise<PtpResponse> {
    const { code, parameters, dataOut } = request;
    if (dataOut && dataOut.length > MOST_FRAME_BYTES - 64) throw new RangeError('too much data for one transaction');
    return this.#ask(options, (id) => {
      const head = numbers(id, options.idleMs ?? 0, code, parameters.length, dataOut ? 1 : 0, ...parameters);
      return frame(TO_DEVICE.transact, dataOut ? Buffer.concat([head, dataOut]) : head);
    });
  }

  async reset(): Promise<void> {
    await this.#ask({}, (id) => frame(TO_DEVICE.reset, numbers(id)));
  }

  onEvent(listener: (event: PtpEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  onGone(listener: () => void): void {
    if (this.#isGone) queueMicrotask(listener);
    else this.#goneListeners.add(listener);
  }

  async close(): Promise<void> {
    this.#goneListeners.clear();
    this.#isGone = true;
    this.#child.stdin.end(frame(TO_DEVICE.close));
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_LIMIT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  async #ask(options: TransactOptions, request: (id: number) => Buffer): Promise<PtpResponse> {
    if (this.#waiting) throw new Error('one transaction at a time');
    if (this.#isGone) throw new PtpTransportError('device-gone');
    if (options.signal?.aborted) throw new PtpTransportError('cancelled');
    const id = this.#nextId++ >>> 0;
    const { promise, resolve, reject } = Promise.withResolvers<PtpResponse>();
    this.#waiting = { id, options, resolve, reject, watchdog: null };
    const onAbort = () => void this.#child.stdin.write(frame(TO_DEVICE.cancel, numbers(id)));
    options.signal?.addEventListener('abort', onAbort, { once: true });
    this.#watch();
    this.#child.stdin.write(request(id));
    try {
      return await promise;
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends a process that has stopped answering: its timers are kept by itself as long as it lives. */
  #watch(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    if (waiting.watchdog) clearTimeout(waiting.watchdog);
    const limit = (waiting.options.idleMs ?? 10_000) + GRACE_MS;
    waiting.watchdog = setTimeout(() => this.#child.kill('SIGKILL'), limit);
  }

  async #pump(): Promise<void> {
    const reader = new FrameReader();
    try {
      for await (const chunk of this.#child.stdout) {
        for (const { kind, payload } of reader.push(chunk as Buffer)) await this.#take(kind, payload);
      }
    } catch {
      this.#child.kill('SIGKILL');
    }
  }

  async #take(kind: number, payload: Uint8Array): Promise<void> {
    if (kind === FROM_DEVICE.opened) this.#opened.resolve();
    else if (kind === FROM_DEVICE.data) await this.#takeData(payload);
    else if (kind === FROM_DEVICE.response) {
      const [id, code = 0, ...parameters] = readNumbers(payload);
      this.#settle(id, (waiting) => waiting.resolve({ code, parameters }));
    } else if (kind === FROM_DEVICE.failure) await this.#takeFailure(payload);
    else if (kind === FROM_DEVICE.event) {
      const [code = 0, transactionId = 0, ...parameters] = readNumbers(payload);
      for (const listener of this.#eventListeners) listener({ code, transactionId, parameters });
    } else if (kind === FROM_DEVICE.gone) this.#lose();
  }

  async #takeData(payload: Uint8Array): Promise<void> {
    const [id, announced = UNKNOWN] = readNumbers(payload.subarray(0, 8));
    const waiting = this.#waiting;
    if (!waiting || waiting.id !== id) return;
    if (waiting.watchdog) clearTimeout(waiting.watchdog);
    try {
      await waiting.options.onData?.(payload.subarray(8), announced === UNKNOWN ? null : announced);
    } catch (error) {
      // Whoever takes the data failed: the transaction ends, and the taker's error is the answer.
      this.#child.stdin.write(frame(TO_DEVICE.cancel, numbers(id)));
      const failed = error instanceof Error ? error : new PtpTransportError('device-io');
      this.#waiting = {
        ...waiting,
        options: {},
        resolve: () => waiting.reject(failed),
        reject: () => waiting.reject(failed),
        watchdog: null,
      };
    }
    this.#watch();
  }

  async #takeFailure(payload: Uint8Array): Promise<void> {
    const { id, code, details } = JSON.parse(Buffer.from(payload).toString()) as {
      id: number;
      code: string;
      details: Record<string, string | number | null>;
    };
    const known = (TRANSPORT_CODES as readonly string[]).includes(code) ? (code as TransportCode) : 'device-io';
    if (known === 'device-held') {
      const holder = await holderOf(Number(details['bus']), Number(details['address']));
      details['holder'] = holder;
    }
    const error = new PtpTransportError(known, details);
    if (id === 0) this.#opened.reject(error);
    this.#settle(id, (waiting) => waiting.reject(error));
  }

  #settle(id: number | undefined, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    if (!waiting || waiting.id !== id) return;
    if (waiting.watchdog) clearTimeout(waiting.watchdog);
    this.#waiting = null;
    how(waiting);
  }

  /** The device or its process is gone: nothing more comes. */
  #lose(): void {
    const error = new PtpTransportError('device-gone');
    this.#opened.reject(error);
    this.#settle(this.#waiting?.id, (waiting) => waiting.reject(error));
    if (this.#isGone) return;
    this.#isGone = true;
    const listeners = [...this.#goneListeners];
    this.#goneListeners.clear();
    for (const listener of listeners) listener();
  }
}
