import type { ExposureValues, ListedFile, LiveDevice, LiveListener } from '../source.ts';
import type { PtpClient } from './client.ts';
import type { ObjectInfo } from './datasets/object-info.ts';
import { ObjectAnnouncer } from './events.ts';
import { readClockOffset, readExposure } from './exposure-watch.ts';
import { OPERATION } from './operations.ts';

export interface LiveOptions {
  readonly client: () => Promise<PtpClient>;
  readonly handleOf: (item: ListedFile) => Promise<number | null>;
  readonly known: () => { readonly session: number; readonly handles: readonly number[] };
  /** The file that an announced object is. */
  readonly name: (handle: number, info: ObjectInfo) => Promise<ListedFile | null>;
  readonly relist: () => Promise<void>;
}

/** Turning a wheel sends an event for each click: the values are read once it rests, ms. */
const EXPOSURE_REST_MS = 150;

/** What a docked device tells by itself, and what it can be asked beyond its files. */
export class PtpLive implements LiveDevice {
  readonly #options: LiveOptions;
  #announcer: ObjectAnnouncer | null = null;
  #listener: LiveListener | null = null;
  #canCapture = false;
  #exposureTimer: NodeJS.Timeout | null = null;
  #toldExposure = '';
  #isClosed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  get canCapture(): boolean {
    return this.#canCapture;
  }

  /** The device was listed. @param fresh handles of what was not there in the listing before */
  listed(client: PtpClient, session: number, told: readonly number[], fresh: readonly number[]): void {
    this.#canCapture = client.supports(OPERATION.initiateCapture);
    this.#announcer?.sync(session, told, fresh);
  }

  listen(listener: LiveListener): void {
    this.#listener = listener;
    void this.#listen().catch(() => undefined);
  }

  async #listen(): Promise<void> {
    const client = await this.#options.client();
    if (this.#isClosed || this.#announcer) return;
    this.#announcer = new ObjectAnnouncer({
      client,
      known: this.#options.known(),
      onObject: (handle, info) => void this.#added(handle, info).catch(() => undefined),
      onExposure: () => this.#exposureChanged(),
      onNewSession: () => this.#options.relist(),
      onEnd: () => undefined,
    });
    this.#announcer.start();
  }

  async #added(handle: number, info: ObjectInfo): Promise<void> {
    const file = await this.#options.name(handle, info);
    if (file && !this.#isClosed) this.#listener?.onAdded(file);
  }

  #exposureChanged(): void {
    if (this.#exposureTimer || this.#isClosed) return;
    this.#exposureTimer = setTimeout(() => {
      this.#exposureTimer = null;
      void this.exposure().then(
        (values) => {
          const text = JSON.stringify(values);
          if (!values || text === this.#toldExposure || this.#isClosed) return;
          this.#toldExposure = text;
          this.#listener?.onExposure(values);
        },
        () => undefined,
      );
    }, EXPOSURE_REST_MS);
  }

  async capture(): Promise<void> {
    await (await this.#options.client()).initiateCapture();
  }

  async exposure(): Promise<ExposureValues | null> {
    return readExposure(await this.#options.client());
  }

  async thumbnail(item: ListedFile): Promise<Uint8Array | null> {
    const client = await this.#options.client();
    const handle = await this.#options.handleOf(item);
    return handle === null ? null : client.thumbnail(handle);
  }

  async clockOffset(): Promise<number | null> {
    return readClockOffset(await this.#options.client());
  }

  close(): void {
    this.#isClosed = true;
    this.#announcer?.close();
    if (this.#exposureTimer) clearTimeout(this.#exposureTimer);
  }
}
