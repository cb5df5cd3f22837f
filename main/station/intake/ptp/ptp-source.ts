import { errorCode } from '../../../../shared/domain/errors.ts';
import type { MediumStream } from '../../store/index.ts';
import { ListingFailedError, SourceGoneError } from '../errors.ts';
import type {
  CachesForgotten,
  ListedFile,
  Listing,
  LiveDevice,
  MediumFacts,
  NotFollowed,
  ObjectInHand,
  Source,
} from '../source.ts';
import type { UsbFacts } from '../usb/facts.ts';
import type { PtpClient } from './client.ts';
import { SIZE_UNKNOWN, type ObjectInfo } from './datasets/object-info.ts';
import { eraseObject } from './erase-object.ts';
import { ObjectGoneError, PhoneReadError } from './errors.ts';
import { foldersAbove, Listed } from './listed.ts';
import { PtpLive } from './live.ts';
import { listTree, type DeviceTree } from './objects.ts';
import { notReady, openDevice, sourceFailure, type PtpSourceOptions } from './open-device.ts';
import { modifiedAtOf, namePaths, type NamedObject } from './paths.ts';
import { appleReadError, isApple, isPhone, isTranscoded, withoutStorages } from './phone.ts';
import { readObject } from './read-object.ts';

export type { PtpSourceOptions } from './open-device.ts';

/** A missing object is looked for in a new listing only when the last is older than this, ms. */
const LISTING_IS_FRESH_MS = 3000;

/** What identifies a device: vendor, product and serial number; without one, where it is plugged. */
export function identityOf({ vendorId, productId, serial, key }: UsbFacts): string {
  const hex = (value: number) => value.toString(16).padStart(4, '0');
  return `usb:${hex(vendorId)}:${hex(productId)}:${serial ?? `port ${key}`}`;
}

/** A camera or phone on a cable. It is opened when it is first listed, so that a device that is not ready still has its lane. */
export class PtpSource implements Source {
  readonly root: string;
  readonly #options: PtpSourceOptions;
  readonly #live: PtpLive;
  #medium: MediumFacts;
  #client: PtpClient | null = null;
  #connecting: Promise<PtpClient> | null = null;
  #listed: Listed | null = null;
  #listing: Promise<Listed> | null = null;
  /** What was listed in this docking before: paths stay. */
  #known: readonly ListedFile[] = [];
  #isUnplugged = false;

  constructor(options: PtpSourceOptions) {
    const { facts } = options;
    this.#options = options;
    this.root = identityOf(facts);
    this.#medium = {
      identity: this.root,
      kind: isPhone(facts) ? 'phone' : 'camera',
      label: facts.product ?? facts.maker ?? 'USB',
      filesystem: null,
      sizeBytes: null,
      readOnly: false,
      device: { maker: facts.maker, model: facts.product, serial: facts.serial, firmware: null },
    };
    this.#live = new PtpLive({
      client: () => this.#connected(),
      // Nothing is decided by a small picture: the listing's handle is good enough.
      handleOf: async (item) =>
        this.#listed?.session === (await this.#connected()).session
          ? (this.#listed?.byPath.get(item.path)?.handle ?? null)
          : null,
      known: () => ({
        session: this.#listed?.session ?? 0,
        handles: [...(this.#listed?.byPath.values() ?? [])].map(({ handle }) => handle),
      }),
      name: (handle, info) => this.#nameNew(handle, info),
      relist: async () => void (await this.#relist(null)),
    });
  }

  get medium(): MediumFacts {
    return this.#medium;
  }

  get live(): LiveDevice {
    return this.#live;
  }

  /** The watch on the bus saw it go. */
  unplugged(): void {
    this.#isUnplugged = true;
    this.close();
  }

  async isConnected(): Promise<boolean> {
    if (this.#isUnplugged) return false;
    return this.#client === null || this.#client.isConnected();
  }

  close(): void {
    this.#live.close();
    const client = this.#client;
    const connecting = this.#connecting;
    this.#isUnplugged = true;
    void (client ? client.close() : connecting?.then((opened) => opened.close()))?.catch(() => undefined);
  }

  async list(signal: AbortSignal, known: readonly ListedFile[]): Promise<Listing> {
    if (known.length > 0) this.#known = known;
    const listed = await this.#relist(signal);
    const files = [...listed.byPath.values()].map(({ file }) => file);
    const notFollowed: NotFollowed[] = [
      ...listed.tree.unreadable.map(({ folders, what }): NotFollowed => {
        const isFolder = what === 'folder';
        return { path: folders.join('/'), what: isFolder ? 'unreadable-folder' : 'unreadable-entry' };
      }),
      ...listed.twins.map((path): NotFollowed => ({ path, what: 'listed-twice' })),
    ];
    return { files, notFollowed };
  }

  async contentOf(item: ListedFile): Promise<MediumStream> {
    const found = await this.#find(item);
    if (!found) throw new ObjectGoneError();
    return this.#streamOf(found);
  }

  async take(item: ListedFile): Promise<ObjectInHand | null> {
    const found = await this.#find(item);
    if (!found) return null;
    const client = await this.#connected();
    const { session } = client;
    const access = this.#listed?.tree.storages.get(found.storageId)?.access ?? 0;
    return {
      content: this.#streamOf(found),
      erase: async (seen) => {
        await eraseObject(client, { object: found, session, access }, seen);
        // Whether it is gone says the next listing, in another session.
        return 0;
      },
      letGo: () => Promise.resolve(),
    };
  }

  async forgetCaches(): Promise<CachesForgotten> {
    const client = await this.#connected();
    await client.reopen().catch((error: unknown) => {
      throw sourceFailure(error);
    });
    return 'new-session';
  }

  #streamOf(found: NamedObject): MediumStream {
    const { handle, file } = found;
    const session = this.#client?.session;
    return {
      size: file.size,
      modifiedAt: file.modifiedAt,
      handle,
      read: (signal) => this.#read(found, session, signal),
    };
  }

  async *#read(found: NamedObject, session: number | undefined, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const client = await this.#connected();
    // A handle of another session may be any object's.
    if (client.session !== session) throw new ObjectGoneError();
    const isApples = isApple(this.#options.facts);
    let isFirst = true;
    try {
      for await (const piece of readObject(client, found.handle, found.file.size, {
        ...this.#options.reading,
        signal,
      })) {
        if (isFirst && isApples && isTranscoded(found.info.name, piece)) throw new PhoneReadError('phone-transcodes');
        isFirst = false;
        yield piece;
      }
    } catch (error) {
      if (errorCode(error) === 'device-no-such-object') throw new ObjectGoneError();
      throw isApples ? appleReadError(error) : error;
    }
  }

  /** The object that is meant, as the device tells it now; null when it is gone. @throws SourceGoneError */
  async #find(item: ListedFile): Promise<NamedObject | null> {
    const client = await this.#connected();
    try {
      let listed = this.#listed;
      if (listed?.session !== client.session) listed = await this.#relist(null);
      let found = listed.byPath.get(item.path);
      if (!found && performance.now() - listed.at > LISTING_IS_FRESH_MS)
        found = (await this.#relist(null)).byPath.get(item.path);
      if (!found) return null;
      const info = await client.objectInfo(found.handle);
      // Renamed, moved or another under the same handle: it is not what was listed.
      if (info.name !== found.info.name || info.storageId !== found.info.storageId) return null;
      const now = { ...found, info };
      return { ...now, file: { ...found.file, size: info.size, modifiedAt: modifiedAtOf(now) } };
    } catch (error) {
      if (errorCode(error) === 'device-no-such-object') return null;
      throw sourceFailure(error);
    }
  }

  #relist(signal: AbortSignal | null): Promise<Listed> {
    // Several that look for an object after a session was lost look in one listing.
    this.#listing ??= this.#listNow(signal ?? new AbortController().signal).finally(() => (this.#listing = null));
    return this.#listing;
  }

  async #listNow(signal: AbortSignal): Promise<Listed> {
    const client = await this.#connected();
    try {
      const { session } = client;
      const tree = await listTree(client, signal);
      // A phone that was locked meanwhile shows fewer objects: that must never pass for their absence.
      const storages = await client.storageIds();
      if (tree.storages.size === 0) throw notReady(withoutStorages(this.#options.facts));
      const isSame = storages.length === tree.storages.size && storages.every((id) => tree.storages.has(id));
      if (!isSame || client.session !== session)
        throw storages.length === 0
          ? notReady(withoutStorages(this.#options.facts))
          : new ListingFailedError('storages-changed');
      const { named, twins } = namePaths(tree.objects, this.#known);
      this.#listed = new Listed(session, tree, named, twins);
      const before = new Set(this.#known.map(({ path }) => path));
      const handlesWhere = (isTold: boolean) =>
        named.filter(({ file }) => before.has(file.path) === isTold).map(({ handle }) => handle);
      this.#remember(named.map(({ file }) => file));
      this.#tellMedium(client, tree);
      this.#live.listed(client, session, handlesWhere(true), handlesWhere(false));
      return this.#listed;
    } catch (error) {
      if (signal.aborted) throw error;
      throw sourceFailure(error);
    }
  }

  /** Paths that were given are known from now on, whoever asks. */
  #remember(files: readonly ListedFile[]): void {
    const byPath = new Map(this.#known.map((file) => [file.path, file]));
    for (const file of files) byPath.set(file.path, file);
    this.#known = [...byPath.values()];
  }

  /** An announced object as a file of this medium; its path stays in every later listing. Null: it lies where nothing can be said of. */
  async #nameNew(handle: number, info: ObjectInfo): Promise<ListedFile | null> {
    // A listing calls it an entry that cannot be listed: it is no item of a size that it does not have.
    if (info.size === SIZE_UNKNOWN) return null;
    const client = await this.#connected();
    const listed = this.#listed?.session === client.session ? this.#listed : await this.#relist(null);
    const folders = await foldersAbove(client, listed, info);
    if (!folders) return (await this.#relist(null)).byHandle(handle)?.file ?? null;
    const others = listed.tree.objects.filter((object) => object.handle !== handle);
    const object = { handle, storageId: info.storageId, folders, info };
    const { named } = namePaths([...others, object], this.#known);
    const found = named.find((one) => one.handle === handle);
    if (!found || this.#listed !== listed) return found?.file ?? null;
    listed.add(found);
    this.#remember([found.file]);
    return found.file;
  }

  #tellMedium({ info }: PtpClient, tree: DeviceTree): void {
    const known = [...tree.storages.values()].filter((storage) => storage !== null);
    const capacity = known.reduce((sum, { capacityBytes }) => sum + capacityBytes, 0);
    const { facts } = this.#options;
    this.#medium = {
      ...this.#medium,
      label: info.model || this.#medium.label,
      sizeBytes: capacity > 0 && Number.isSafeInteger(capacity) ? capacity : null,
      readOnly: known.length > 0 && known.every(({ access }) => access === 1),
      device: {
        maker: info.maker || facts.maker,
        model: info.model || facts.product,
        serial: facts.serial ?? (info.serial || null),
        firmware: info.version || null,
      },
    };
  }

  /** @throws SourceGoneError, DeviceNotReadyError */
  async #connected(): Promise<PtpClient> {
    if (this.#isUnplugged) throw new SourceGoneError();
    if (this.#client) return this.#client;
    this.#connecting ??= openDevice(this.#options).finally(() => (this.#connecting = null));
    try {
      this.#client = await this.#connecting;
      return this.#client;
    } catch (error) {
      throw sourceFailure(error);
    }
  }
}
