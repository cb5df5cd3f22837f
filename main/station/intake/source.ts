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

/** Something that lies on the medium and is never opened or followed. */
export interface NotFollowed {
  readonly path: string;
  readonly what: 'symlink' | 'device' | 'socket' | 'fifo' | 'other-filesystem' | 'unreadable-folder' | 'unknown';
}

export interface Listing {
  readonly files: readonly ListedFile[];
  readonly notFollowed: readonly NotFollowed[];
}

/** Names one object of a medium for reading and erasing. */
export type ItemPath = Pick<ListedFile, 'path' | 'pathBytes'>;

/**
 * A medium that is docked: lists, is read, and is erased object by object. Volumes answer it now; cameras and phones
 * (PTP) will answer the same interface.
 */
export interface Source {
  readonly medium: MediumFacts;
  /** Where it is, to find it again after a restart of the station. */
  readonly root: string;
  /** Everything on the medium, in a stable order. @throws SourceGoneError */
  list(signal: AbortSignal): Promise<Listing>;
  /** Where an object's bytes are read. */
  fileOf(item: ItemPath): MediumFile;
  /** False once the medium was pulled, or another one took its place. */
  isConnected(): Promise<boolean>;
  /** Erases one object. @throws EraseRefusedError */
  erase(item: ItemPath): Promise<void>;
  /** Makes the next listing come from the medium: writes synced, directory caches dropped. Answers how far that went. */
  forgetCaches(): Promise<'caches-dropped' | 'synced'>;
}
