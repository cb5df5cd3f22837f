import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../../../../shared/domain/errors.ts';
import type { PtpClient } from './client.ts';
import { readCanonEvents } from './datasets/canon-events.ts';
import { readNikonEvents } from './datasets/nikon-events.ts';
import type { ObjectInfo } from './datasets/object-info.ts';
import { PtpResponseError } from './errors.ts';
import { ALL, EVENT, OPERATION } from './operations.ts';
import { PRIORITY } from './turns.ts';

export interface AnnouncerOptions {
  readonly client: PtpClient;
  /** Handles that were there before, and the session in which they are; they are not announced. */
  readonly known: { readonly session: number; readonly handles: Iterable<number> };
  /** Once for each new object, when the device says what it is. */
  readonly onObject: (handle: number, info: ObjectInfo) => void;
  /** A property of exposure has changed, or may have. */
  readonly onExposure: () => void;
  /** Handles are others in a new session: answers by `sync`. */
  readonly onNewSession: () => Promise<void>;
  /** Announcing has ended by this code; nothing more is told. */
  readonly onEnd: (code: string) => void;
}

/** Failures after which the device may answer again. */
const PASSING = [
  'device-timeout',
  'device-stalled',
  'device-protocol',
  'device-dataset',
  'device-not-answering',
  'phone-locked-or-charging',
  'phone-not-trusted',
  'camera-without-card',
  'medium-unreadable',
];

export type Scheme = 'canon' | 'nikon' | 'interrupt' | 'handles';

/** How often a vendor's event list is asked for, ms. */
const POLL_MS = 250;
/** How often the handles are compared while the device has not shown that it announces by itself, ms. */
const DIFF_MS = 500;
/** The same as safety net once it has. */
const SLOW_DIFF_MS = 5000;
/** A comparison takes at most this share of a device's time: a phone with 20,000 objects answers slowly. */
const DIFF_SHARE = 0.1;
/** An object is announced before it is wholly written: it is asked for until it says what it is, or this often. */
const LOOK_PAUSES_MS = [0, 20, 50, 100, 200, 400, 800] as const;
/** Announced objects that are looked at at a time: more than any burst brings between two looks. */
const MOST_LOOKING = 32;

/** How a device tells of new pictures, from what it says of itself. Whether it really does shows with the first one. */
export function schemeOf(client: PtpClient): Scheme {
  if (client.supports(OPERATION.canonGetEvent) && client.supports(OPERATION.canonSetEventMode)) return 'canon';
  if (client.supports(OPERATION.nikonGetEvent)) return 'nikon';
  return client.info.events.has(EVENT.objectAdded) ? 'interrupt' : 'handles';
}

/** Tells of each object that comes to be on a device, once, whatever way the device announces it. */
export class ObjectAnnouncer {
  readonly #options: AnnouncerOptions;
  readonly #scheme: Scheme;
  readonly #told: Set<number>;
  readonly #abort = new AbortController();
  readonly #looking = new Set<number>();
  #session: number;
  /** The device was seen to announce by itself. */
  #announces = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#scheme = schemeOf(options.client);
    this.#told = new Set(options.known.handles);
    this.#session = options.known.session;
  }

  get scheme(): Scheme {
    return this.#scheme;
  }

  start(): void {
    const { client } = this.#options;
    const stop = client.onEvent((event) => {
      const [parameter] = event.parameters;
      if (event.code === EVENT.objectAdded && parameter !== undefined) this.#announced(parameter);
      else if (event.code === EVENT.propertyChanged) this.#options.onExposure();
    });
    this.#abort.signal.addEventListener('abort', stop, { once: true });
    void this.#run();
  }

  close(): void {
    this.#abort.abort();
  }

  /** The device was listed: what was known before is no news, the rest is looked at. */
  sync(session: number, told: Iterable<number>, fresh: Iterable<number>): void {
    if (session !== this.#session) this.#told.clear();
    this.#session = session;
    for (const handle of told) this.#told.add(handle);
    for (const handle of fresh) this.#added(handle);
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    let diffAt = 0;
    let hasBegun = 0;
    try {
      while (!signal.aborted) {
        if (hasBegun !== this.#options.client.session) {
          await this.#begin();
          hasBegun = this.#options.client.session;
        }
        if (this.#session !== this.#options.client.session) await this.#options.onNewSession().catch(passing);
        await this.#poll();
        if (performance.now() >= diffAt) {
          const begunAt = performance.now();
          await this.#compare();
          const took = performance.now() - begunAt;
          diffAt = performance.now() + Math.max(this.#announces ? SLOW_DIFF_MS : DIFF_MS, took / DIFF_SHARE);
        }
        await delay(POLL_MS, undefined, { signal, ref: false });
      }
    } catch (error) {
      if (!signal.aborted) this.#options.onEnd(errorCode(error));
    }
  }

  async #begin(): Promise<void> {
    if (this.#scheme !== 'canon') return;
    for (const code of [OPERATION.canonSetRemoteMode, OPERATION.canonSetEventMode]) {
      if (!this.#options.client.supports(code)) continue;
      await this.#ask(code, [1]);
    }
  }

  async #poll(): Promise<void> {
    if (this.#scheme === 'canon') {
      const data = await this.#ask(OPERATION.canonGetEvent, []);
      for (const event of data ? orNone(() => readCanonEvents(data)) : []) {
        if (event.what === 'added') this.#announced(event.handle);
        else if (event.what === 'property') this.#options.onExposure();
      }
    } else if (this.#scheme === 'nikon') {
      const data = await this.#ask(OPERATION.nikonGetEvent, []);
      for (const { code, parameter } of data ? orNone(() => readNikonEvents(data)) : []) {
        if (code === EVENT.objectAdded) this.#announced(parameter);
        else if (code === EVENT.propertyChanged) this.#options.onExposure();
      }
    }
  }

  /** Null when the device does not answer this time. @throws when it is gone */
  async #ask(code: number, parameters: readonly number[]): Promise<Uint8Array | null> {
    const options = { priority: PRIORITY.event, signal: this.#abort.signal };
    try {
      return (await this.#options.client.operate({ code, parameters }, options)).data;
    } catch (error) {
      if (isPassing(error)) return null;
      throw error;
    }
  }

  async #compare(): Promise<void> {
    const { client } = this.#options;
    try {
      for (const storageId of await client.storageIds())
        for (const handle of await client.objectHandles(storageId, 0)) if (this.#added(handle)) this.#announces = false;
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  }

  #announced(handle: number): void {
    if (this.#added(handle)) this.#announces = true;
  }

  /** @returns whether nobody had told of it before */
  #added(handle: number): boolean {
    const { client } = this.#options;
    // Right after a new session every handle looks new: `forget` says which are not.
    if (client.session !== this.#session || this.#abort.signal.aborted) return false;
    if (handle === 0 || handle === ALL || this.#told.has(handle) || this.#looking.has(handle)) return false;
    // Whoever announces hundreds that do not exist keeps nothing else waiting; what does exist the comparison of handles shows.
    if (this.#looking.size >= MOST_LOOKING) return false;
    this.#looking.add(handle);
    void this.#look(handle).finally(() => this.#looking.delete(handle));
    return true;
  }

  async #look(handle: number): Promise<void> {
    const { client, onObject } = this.#options;
    const { signal } = this.#abort;
    let sizeBefore = -1;
    for (const pause of LOOK_PAUSES_MS) {
      if (signal.aborted || client.session !== this.#session) return;
      const info = await delay(pause, undefined, { signal, ref: false })
        .then(() => client.objectInfo(handle, { priority: PRIORITY.event, signal }))
        .catch(() => null);
      if (!info || client.session !== this.#session) continue;
      if (info.isFolder) {
        this.#told.add(handle);
        return;
      }
      // Told empty, or growing: it is still being written.
      if (info.size === 0 || (sizeBefore >= 0 && info.size !== sizeBefore)) {
        sizeBefore = info.size;
        continue;
      }
      if (this.#told.has(handle)) return;
      this.#told.add(handle);
      onObject(handle, info);
      return;
    }
    // Nothing was there under this handle (or not yet): should it come, the comparison of handles shows it.
  }
}

function passing(error: unknown): void {
  if (!isPassing(error)) throw error;
}

function isPassing(error: unknown): boolean {
  if (error instanceof PtpResponseError) return true;
  return PASSING.includes(errorCode(error));
}

function orNone<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (errorCode(error) === 'device-dataset') return [];
    throw error;
  }
}
