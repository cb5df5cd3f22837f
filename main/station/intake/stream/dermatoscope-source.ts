import type { MediumContent } from '../../store/index.ts';
import { ObjectGoneError } from '../errors.ts';
import type { CachesForgotten, Listing, MediumFacts, ObjectInHand, Source } from '../source.ts';
import { usbIdentity } from './usb-identity.ts';

/** What the window knows of the camera that it shows. */
export interface ShownCamera {
  readonly label: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
}

/** A window tells this often that it still has the camera, at the least; after this silence it is taken for gone, ms. */
export const SILENT_FOR_MS = 45_000;

/**
 * A camera that the window shows live (USB video class). It keeps nothing: there is nothing to list, to read a second time or to erase on it.
 * Its pictures are handed over by the window, which alone can see it; so it is connected for as long as a window says so.
 */
export class DermatoscopeSource implements Source {
  readonly medium: MediumFacts;
  readonly root: string;
  readonly live = null;
  readonly #now: () => number;
  #heardAt: number;
  #closed = false;

  private constructor(medium: MediumFacts, now: () => number) {
    this.medium = medium;
    this.root = `stream:${medium.identity}`;
    this.#now = now;
    this.#heardAt = now();
  }

  /** @param bus where the kernel lists the bus */
  static async open(
    camera: ShownCamera,
    { bus, now = Date.now }: { bus?: string; now?: () => number } = {},
  ): Promise<DermatoscopeSource> {
    const { label, vendorId, productId } = camera;
    const numbered = vendorId !== undefined && productId !== undefined;
    const device = numbered ? await usbIdentity(vendorId, productId, bus) : { maker: null, model: null, serial: null };
    const identity = numbered
      ? ['uvc', vendorId, productId, ...(device.serial === null ? [] : [device.serial])].join(':')
      : `uvc:${label}`;
    return new DermatoscopeSource(
      {
        identity,
        kind: 'dermatoscope',
        label,
        filesystem: null,
        sizeBytes: null,
        readOnly: false,
        device: { ...device, firmware: null },
      },
      now,
    );
  }

  /** A window says that it has the camera. */
  heard(): void {
    this.#heardAt = this.#now();
  }

  async list(): Promise<Listing> {
    return { files: [], notFollowed: [] };
  }

  contentOf(): Promise<MediumContent> {
    return Promise.reject(new ObjectGoneError());
  }

  async isConnected(): Promise<boolean> {
    return !this.#closed && this.#now() - this.#heardAt <= SILENT_FOR_MS;
  }

  async take(): Promise<ObjectInHand | null> {
    return null;
  }

  async forgetCaches(): Promise<CachesForgotten> {
    return 'new-session';
  }

  close(): void {
    this.#closed = true;
  }
}
