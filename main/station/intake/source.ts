import type { MediumFile } from '../store/index.ts';

/** How a medium is known again, and what a person is told about it. */
export interface MediumFacts {
  readonly identity: string;
  readonly kind: 'card' | 'stick' | 'folder';
  readonly label: string;
  readonly filesystem: string | null;
  readonly sizeBytes: number | null;
  readonly readOnly: boolean;
}

export interface ListedFile {
  /** Relative to the medium's root, '/'-separated; invalid bytes shown as \xNN. */
  readonly path: string;
  /** The name's exact bytes, only where `path` cannot say them. */
  readonly pathBytes: Uint8Array | null;
  readonly size: number;
  /** ms since the epoch, whole. */
  readonly modifiedAt: number;
}

/**
 * Something that lies on the medium and is never opened or followed; or could not be listed (`unreadable-folder`,
 * `unreadable-entry`); or is one of two of the same name (`listed-twice`); or was not there when the manifest was taken
 * (`appeared-later`).
 */
export interface NotFollowed {
  readonly path: string;
  readonly what:
    | 'symlink'
    | 'device'
    | 'socket'
    | 'fifo'
    | 'other-filesystem'
    | 'unreadable-folder'
    | 'unreadable-entry'
    | 'listed-twice'
    | 'appeared-later'
    | 'unknown';
}

export interface Listing {
  readonly files: readonly ListedFile[];
  readonly notFollowed: readonly NotFollowed[];
}

/** Names one object of a medium for reading and erasing. */
export type ItemPath = Pick<ListedFile, 'path' | 'pathBytes'>;

/** What an object was when its bytes were hashed. */
export interface SeenObject {
  readonly size: number;
  readonly modifiedAt: number;
  readonly inode: number;
}

/** One object whose folder is held open: reading and erasing it mean this folder of this medium, whatever takes its path. */
export interface ObjectInHand {
  /** Where its bytes are read. */
  readonly file: MediumFile;
  /**
   * Erases it, if it is still what was seen. Answers how many other names (hard links) its content has left.
   * @throws EraseRefusedError, ObjectReplacedError
   */
  erase(seen: SeenObject): Promise<number>;
  letGo(): Promise<void>;
}

/**
 * A medium that is docked: lists, is read, and is erased object by object. Volumes answer it now; cameras and phones
 * (PTP) will answer the same interface.
 */
export interface Source {
  readonly medium: MediumFacts;
  /** Where it is, to find it again after a restart of the station. */
  readonly root: string;
  /** Everything on the medium, in a stable order. @throws SourceGoneError, ListingFailedError */
  list(signal: AbortSignal): Promise<Listing>;
  /** Where an object's bytes are read. */
  fileOf(item: ItemPath): MediumFile;
  /** False once the medium was pulled, or another one took its place. */
  isConnected(): Promise<boolean>;
  /** Takes hold of one object, to look at it and erase it; null when its folder is not there. @throws SourceGoneError */
  take(item: ItemPath): Promise<ObjectInHand | null>;
  /** Makes the next listing come from the medium: writes synced, directory caches dropped. Answers how far that went. */
  forgetCaches(): Promise<'caches-dropped' | 'synced'>;
  /** Nobody asks this source any more. */
  close(): void;
}
