import { errorCode } from '../../../../shared/domain/errors.ts';
import type { PtpClient } from './client.ts';
import { SIZE_UNKNOWN, type ObjectInfo } from './datasets/object-info.ts';
import type { StorageInfo } from './datasets/storage-info.ts';
import { PtpResponseError } from './errors.ts';
import { ALL, RESPONSE } from './operations.ts';

/** One object as a session with the device shows it. */
export interface DeviceObject {
  readonly handle: number;
  readonly storageId: number;
  /** Names of the storage and of the folders, from the top. */
  readonly folders: readonly string[];
  readonly info: ObjectInfo;
}

export interface DeviceTree {
  readonly storages: ReadonlyMap<number, StorageInfo | null>;
  readonly objects: readonly DeviceObject[];
  /** Names from the storage down, by the handle of the folder. */
  readonly folders: ReadonlyMap<number, readonly string[]>;
  /** Folders that could not be looked into, and objects that did not say what they are. */
  readonly unreadable: readonly { readonly folders: readonly string[]; readonly what: 'folder' | 'entry' }[];
}

/** Deeper than any device; a folder in itself ends earlier, because nothing is visited twice. */
const MOST_DEPTH = 32;

/**
 * All objects of a device. Each folder is asked what lies in it, because what objects say of their parents is not to be trusted (iOS names one
 * that does not exist); then the flat list is asked for what no folder showed.
 * @throws PtpTransportError; PtpResponseError when the device does not list at all
 */
export async function listTree(client: PtpClient, signal: AbortSignal): Promise<DeviceTree> {
  const storages = new Map<number, StorageInfo | null>();
  for (const id of await client.storageIds()) storages.set(id, await client.storageInfo(id).catch(refused));
  const names = storageNames(storages);
  const objects: DeviceObject[] = [];
  const unreadable: { folders: readonly string[]; what: 'folder' | 'entry' }[] = [];
  const folders = new Map<number, readonly string[]>();
  const found = { objects, unreadable, folders };
  for (const storageId of storages.keys())
    await new StorageWalk(client, storageId, names.get(storageId)!, signal, found).run();
  return { storages, ...found };
}

/** Label of each storage; those that have none, or share it, are told apart by their place: S1, S2. */
export function storageNames(storages: ReadonlyMap<number, StorageInfo | null>): Map<number, string> {
  const labels = [...storages].map(([id, info]) => ({ id, label: pathName(info?.label ?? '') }));
  const isUnique = (label: string) => labels.filter((other) => other.label === label).length === 1;
  return new Map(
    labels.map(({ id, label }) => {
      const place = `S${id >>> 16}${(id & 0xffff) === 1 ? '' : `.${id & 0xffff}`}`;
      if (label === '') return [id, place];
      return [id, isUnique(label) ? label : `${label} ${place}`];
    }),
  );
}

/** A name as a part of a path: what would be read as the border of two parts, or cannot be seen, is written `\xNN`. */
export function pathName(name: string): string {
  const seen = name.replaceAll(
    /[/\p{Cc}]/gu,
    (character) => `\\x${character.codePointAt(0)!.toString(16).padStart(2, '0')}`,
  );
  return seen === '.' || seen === '..' ? seen.replaceAll('.', String.raw`\x2e`) : seen;
}

interface Found {
  readonly objects: DeviceObject[];
  readonly unreadable: { folders: readonly string[]; what: 'folder' | 'entry' }[];
  readonly folders: Map<number, readonly string[]>;
}

class StorageWalk {
  readonly #client: PtpClient;
  readonly #storageId: number;
  readonly #name: string;
  readonly #signal: AbortSignal;
  readonly #objects: DeviceObject[];
  readonly #unreadable: { folders: readonly string[]; what: 'folder' | 'entry' }[];
  readonly #seen = new Set<number>();
  readonly #foldersOf: Map<number, readonly string[]>;

  constructor(client: PtpClient, storageId: number, name: string, signal: AbortSignal, found: Found) {
    this.#client = client;
    this.#storageId = storageId;
    this.#name = name;
    this.#signal = signal;
    this.#objects = found.objects;
    this.#unreadable = found.unreadable;
    this.#foldersOf = found.folders;
  }

  async run(): Promise<void> {
    const root = await this.#handles(ALL);
    if (root) await this.#enter(root, [this.#name], 0);
    const flat = await this.#handles(0);
    if (!root && !flat) {
      this.#unreadable.push({ folders: [this.#name], what: 'folder' });
      return;
    }
    await this.#takeOrphans((flat ?? []).filter((handle) => !this.#seen.has(handle)));
  }

  /** Null when the device refuses this question; some do not know one of the two ways to ask. */
  async #handles(folder: number): Promise<number[] | null> {
    this.#signal.throwIfAborted();
    return this.#client.objectHandles(this.#storageId, folder).catch((error: unknown) => {
      // What is gone by now shows in whatever is asked next.
      if (error instanceof PtpResponseError && error.response !== RESPONSE.sessionNotOpen) return null;
      throw error;
    });
  }

  async #enter(handles: readonly number[], folders: readonly string[], depth: number): Promise<void> {
    for (const handle of handles) {
      const info = await this.#look(handle, folders);
      if (info) await this.#place(handle, info, folders, depth);
    }
  }

  async #place(handle: number, info: ObjectInfo, folders: readonly string[], depth: number): Promise<void> {
    if (!info.isFolder) {
      this.#objects.push({ handle, storageId: this.#storageId, folders, info });
      return;
    }
    const inside = [...folders, pathName(info.name)];
    this.#foldersOf.set(handle, inside);
    const below = depth < MOST_DEPTH ? await this.#handles(handle) : null;
    if (below) await this.#enter(below, inside, depth + 1);
    else this.#unreadable.push({ folders: inside, what: 'folder' });
  }

  /** Null: seen already, gone, or it does not say what it is. */
  async #look(handle: number, folders: readonly string[]): Promise<ObjectInfo | null> {
    this.#signal.throwIfAborted();
    if (this.#seen.has(handle) || handle === 0 || handle === ALL) return null;
    this.#seen.add(handle);
    try {
      const info = await this.#client.objectInfo(handle);
      if (info.size !== SIZE_UNKNOWN || info.isFolder) return info;
      this.#unreadable.push({ folders: [...folders, pathName(info.name)], what: 'entry' });
    } catch (error) {
      // A handle without object: deleted meanwhile, or never was one.
      if (error instanceof PtpResponseError && error.response === RESPONSE.invalidHandle) return null;
      const isAnswered = error instanceof PtpResponseError && error.response !== RESPONSE.sessionNotOpen;
      if (!isAnswered && errorCode(error) !== 'device-dataset') throw error;
      this.#unreadable.push({ folders: [...folders, `object ${this.#seen.size}`], what: 'entry' });
    }
    return null;
  }

  /** What no folder showed: under its parent if that is known by now, else right under the storage. Folders first, for those that lie in them. */
  async #takeOrphans(handles: readonly number[]): Promise<void> {
    const found: { handle: number; info: ObjectInfo }[] = [];
    for (const handle of handles) {
      const info = await this.#look(handle, [this.#name]);
      if (info) found.push({ handle, info });
    }
    const byHandle = new Map(found.map((one) => [one.handle, one]));
    const foldersAbove = (parent: number, depth = 0): readonly string[] => {
      const known = this.#foldersOf.get(parent);
      if (known) return known;
      const above = byHandle.get(parent);
      if (!above || depth > MOST_DEPTH || above.info.parent === parent)
        return above ? [this.#name, pathName(above.info.name)] : [this.#name];
      return [...foldersAbove(above.info.parent, depth + 1), pathName(above.info.name)];
    };
    for (const { handle, info } of found)
      if (!info.isFolder)
        this.#objects.push({ handle, storageId: this.#storageId, folders: foldersAbove(info.parent), info });
  }
}

function refused(error: unknown): null {
  if (error instanceof PtpResponseError && error.response !== RESPONSE.sessionNotOpen) return null;
  if (errorCode(error) === 'device-dataset') return null;
  throw error;
}
