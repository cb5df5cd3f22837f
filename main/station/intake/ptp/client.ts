import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../../../../shared/domain/errors.ts';
import { readDeviceInfo, type DeviceInfo } from './datasets/device-info.ts';
import { readNumberArray } from './datasets/handles.ts';
import { readObjectInfo, SIZE_UNKNOWN, type ObjectInfo } from './datasets/object-info.ts';
import { OBJECT_PROPERTY, readNumberValue } from './datasets/object-properties.ts';
import { readPropertyDescription, type PropertyDescription } from './datasets/property-description.ts';
import { readStorageInfo, type StorageInfo } from './datasets/storage-info.ts';
import { NoRealHandleError, PtpDataError, PtpResponseError } from './errors.ts';
import { notGoneAs, refusedAs, type ClientOptions, type Operated, type OperateOptions } from './operate.ts';
import { ALL, OPERATION, RESPONSE } from './operations.ts';
import { quirksOf, type Quirks } from './quirks.ts';
import { PtpTransportError, type PtpEvent, type PtpRequest, type PtpResponse, type PtpTransport } from './transport.ts';
import { PRIORITY, Turns } from './turns.ts';

const MEBI = 1024 * 1024;
/** A list of handles of the largest phone, and far more than any other dataset. */
const MOST_DATASET_BYTES = 16 * MEBI;
const MOST_THUMBNAIL_BYTES = 4 * MEBI;
const BUSY_PAUSES_MS = [20, 50, 100, 200, 400, 800, 1600, 1600, 1600] as const;
const TRIES = 3;
/** Failures of the way that another try may mend. Whoever is gone or was cancelled stays it. */
const MAY_PASS = ['device-stalled', 'device-timeout', 'device-protocol'];
/** Phones take long for lists of everything, cameras for what sleeps. */
const SLOW_IDLE_MS = 60_000;
const USUAL_IDLE_MS = 15_000;

/** A session with one device: its operations, one at a time, as promises of values. */
export class PtpClient {
  readonly quirks: Quirks;
  readonly #options: ClientOptions;
  readonly #turns = new Turns();
  readonly #eventListeners = new Set<(event: PtpEvent) => void>();
  readonly #goneListeners = new Set<() => void>();
  #transport: PtpTransport;
  #info: DeviceInfo | null = null;
  #session = 0;
  #isSessionLost = false;
  #isClosed = false;
  #isGone = false;
  #replacing: Promise<void> = Promise.resolve();

  private constructor(options: ClientOptions, transport: PtpTransport) {
    this.#options = options;
    this.quirks = quirksOf(options.vendorId, options.productId);
    this.#transport = transport;
    this.#listen(transport);
  }

  /** Opens the device and a session with it. @throws PtpTransportError, PtpResponseError, PtpDatasetError */
  static async open(options: ClientOptions): Promise<PtpClient> {
    const client = new PtpClient(options, await options.openTransport());
    try {
      await client.#turns.run(PRIORITY.event, () => client.#begin());
      return client;
    } catch (error) {
      await client.#transport.close();
      throw error;
    }
  }

  get info(): DeviceInfo {
    return this.#info!;
  }

  /** Handles are good for one session: whoever keeps some compares this number. */
  get session(): number {
    return this.#session;
  }

  /** Whether the device is still there; waits while a way that was lost is looked for again. */
  async isConnected(): Promise<boolean> {
    await this.#replacing;
    return !this.#isGone && !this.#isClosed;
  }

  supports(operation: number): boolean {
    return this.info.operations.has(operation);
  }

  onEvent(listener: (event: PtpEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  onGone(listener: () => void): void {
    if (this.#isGone) queueMicrotask(listener);
    else this.#goneListeners.add(listener);
  }

  /**
   * Runs one operation when it is its turn; waits while the device is busy.
   * @throws PtpResponseError for any answer but OK; PtpTransportError; PtpDataError
   */
  operate(request: PtpRequest, options: OperateOptions = {}): Promise<Operated> {
    return this.#turns.run(options.priority ?? PRIORITY.small, async () => {
      if (this.#isSessionLost) await this.#resume();
      const tries = options.mayRepeat === false || options.onData ? 1 : TRIES;
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#operate(request, options);
        } catch (error) {
          this.#notice(error);
          if (attempt >= tries || !MAY_PASS.includes(errorCode(error)) || options.signal?.aborted) throw error;
        }
      }
    });
  }

  async #operate(request: PtpRequest, options: OperateOptions): Promise<Operated> {
    const most = options.most ?? MOST_DATASET_BYTES;
    for (let attempt = 0; ; attempt++) {
      const pieces: Uint8Array[] = [];
      let received = 0;
      const response = await this.#transport.transact(request, {
        onData: (piece, announced) => {
          if (options.onData) return options.onData(piece, announced);
          received += piece.length;
          if (received > most) throw new PtpDataError('device-too-much-data', most, received);
          pieces.push(piece);
          return undefined;
        },
        idleMs: options.idleMs ?? USUAL_IDLE_MS,
        ...(options.signal && { signal: options.signal }),
      });
      const pause = BUSY_PAUSES_MS[attempt];
      if (response.code === RESPONSE.busy && pause !== undefined && !options.signal?.aborted) {
        await delay(pause);
        continue;
      }
      if (response.code !== RESPONSE.ok) throw new PtpResponseError(request.code, response.code);
      return { data: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces), response };
    }
  }

  #notice(error: unknown): void {
    if (error instanceof PtpResponseError && error.response === RESPONSE.sessionNotOpen) this.#isSessionLost = true;
  }

  async #ask(code: number, parameters: readonly number[], options: OperateOptions = {}): Promise<Uint8Array> {
    return (await this.operate({ code, parameters }, options)).data;
  }

  /** Stores that hold a medium: the lower half of an id says so (ISO 15740, 5.3.7). */
  async storageIds(): Promise<number[]> {
    const ids = readNumberArray(await this.#ask(OPERATION.getStorageIds, []));
    return ids.filter((id) => (id & 0xffff) !== 0);
  }

  async storageInfo(storageId: number): Promise<StorageInfo> {
    return readStorageInfo(await this.#ask(OPERATION.getStorageInfo, [storageId]));
  }

  /** @param folder handle of a folder; `ALL`: the root; 0: everything of the storage */
  async objectHandles(storageId: number, folder: number): Promise<number[]> {
    const options = { idleMs: SLOW_IDLE_MS };
    return readNumberArray(await this.#ask(OPERATION.getObjectHandles, [storageId, 0, folder], options));
  }

  /** What an object is now; sizes of 4 GB and more are asked for separately, and stay `SIZE_UNKNOWN` where they cannot. */
  async objectInfo(handle: number, options: OperateOptions = {}): Promise<ObjectInfo> {
    const info = readObjectInfo(await this.#ask(OPERATION.getObjectInfo, [handle], options));
    if (info.size !== SIZE_UNKNOWN || !this.supports(OPERATION.getObjectPropValue)) return info;
    const value = await this.#ask(OPERATION.getObjectPropValue, [handle, OBJECT_PROPERTY.size], options).catch(
      refusedAs(null),
    );
    return value === null ? info : { ...info, size: readNumberValue(value) };
  }

  /** The device's own small picture; null when it has none. */
  async thumbnail(handle: number): Promise<Uint8Array | null> {
    if (!this.supports(OPERATION.getThumb)) return null;
    const data = await this.#ask(OPERATION.getThumb, [handle], { most: MOST_THUMBNAIL_BYTES }).catch(refusedAs(null));
    return data === null || data.length === 0 ? null : data;
  }

  /**
   * Deletes one object. Never repeated by itself: whether it was done is found out by looking.
   * @throws NoRealHandleError; PtpResponseError; PtpTransportError
   */
  async deleteObject(handle: number): Promise<void> {
    if (!Number.isInteger(handle) || handle <= 0 || handle >= ALL) throw new NoRealHandleError();
    const options = { mayRepeat: false, idleMs: SLOW_IDLE_MS };
    await this.#ask(OPERATION.deleteObject, [handle, 0], options);
  }

  /** Releases the shutter, in the storage and format that the device is set to. */
  async initiateCapture(): Promise<void> {
    await this.#ask(OPERATION.initiateCapture, [0, 0], { priority: PRIORITY.event, mayRepeat: false });
  }

  async property(property: number): Promise<PropertyDescription> {
    return readPropertyDescription(await this.#ask(OPERATION.getDevicePropDesc, [property]));
  }

  /** Ends the session and begins another: nothing that the device had in mind of the old one is left. @throws as `open` */
  reopen(): Promise<void> {
    return this.#turns.run(PRIORITY.event, async () => {
      await this.#endSession();
      await this.#begin();
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const ending = this.#turns.run(PRIORITY.event, async () => {
      if (!this.#isGone && !this.quirks.neverCloseSession)
        await this.#transport
          .transact({ code: OPERATION.closeSession, parameters: [] }, { idleMs: 2000 })
          .catch(() => undefined);
    });
    await Promise.race([ending, delay(5000, undefined, { ref: false })]);
    await this.#transport.close();
  }

  async #begin(): Promise<void> {
    // Some answer only inside a session (2003), some only outside: both are tried.
    let info = await this.#deviceInfo().catch(notGoneAs(null));
    await this.#openSession();
    info ??= await this.#deviceInfo();
    this.#info = info;
    this.#isSessionLost = false;
    this.#session++;
  }

  async #deviceInfo(): Promise<DeviceInfo> {
    const request = { code: OPERATION.getDeviceInfo, parameters: [] };
    return readDeviceInfo((await this.#operate(request, {})).data);
  }

  async #openSession(): Promise<void> {
    const request = { code: OPERATION.openSession, parameters: [this.#session + 1] };
    const open = () => this.#transport.transact(request, { idleMs: USUAL_IDLE_MS });
    let response: PtpResponse;
    try {
      response = await open();
    } catch (error) {
      if (!MAY_PASS.includes(errorCode(error))) throw error;
      // What an initiator that died left behind is ended from outside.
      await this.#transport.reset();
      response = await open();
    }
    for (const pause of BUSY_PAUSES_MS) {
      if (response.code !== RESPONSE.busy) break;
      await delay(pause);
      response = await open();
    }
    if (response.code === RESPONSE.sessionAlreadyOpen) {
      await this.#endSession();
      response = await open();
    }
    // Whoever still says "open" has an open session.
    if (response.code !== RESPONSE.ok && response.code !== RESPONSE.sessionAlreadyOpen)
      throw new PtpResponseError(OPERATION.openSession, response.code);
  }

  async #endSession(): Promise<void> {
    if (this.quirks.neverCloseSession) await this.#transport.reset();
    else
      await this.#transport
        .transact({ code: OPERATION.closeSession, parameters: [] }, { idleMs: USUAL_IDLE_MS })
        .catch(notGoneAs(null));
  }

  /** The device forgot the session, or the process of the device crashed. */
  async #resume(): Promise<void> {
    await this.#begin();
  }

  #listen(transport: PtpTransport): void {
    transport.onEvent((event) => {
      for (const listener of this.#eventListeners) listener(event);
    });
    transport.onGone(() => {
      if (transport === this.#transport && !this.#isClosed) this.#replacing = this.#replaceTransport();
    });
  }

  /** The way is gone: with the device, or because its process crashed. Only the same plug of the same device is opened again. */
  async #replaceTransport(): Promise<void> {
    await this.#turns.run(PRIORITY.event, async () => {
      const former = this.#transport;
      await former.close();
      try {
        if (this.#isClosed) throw new PtpTransportError('device-gone');
        this.#transport = await this.#options.openTransport();
        this.#listen(this.#transport);
        await this.#begin();
      } catch {
        this.#isGone = true;
        for (const listener of this.#goneListeners) listener();
        this.#goneListeners.clear();
      }
    });
  }
}
