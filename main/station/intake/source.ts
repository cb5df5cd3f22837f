import type { MediumKind } from '../../../shared/domain/media.ts';
import type { MediumContent } from '../store/index.ts';

/** How a medium is known again, and what a person is told about it. */
export interface MediumFacts {
  readonly identity: string;
  readonly kind: MediumKind;
  readonly label: string;
  readonly filesystem: string | null;
  readonly sizeBytes: number | null;
  readonly readOnly: boolean;
  /** Who made it, as it tells itself; null for cards, and for what is not known yet. */
  readonly device: DeviceFacts | null;
}

export interface DeviceFacts {
  readonly maker: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly firmware: string | null;
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

/** What an object was when its bytes were hashed. */
export interface SeenObject {
  readonly size: number;
  readonly modifiedAt: number;
  /** The filesystem's or the device's own number of it. */
  readonly inode: number;
}

/** One object that is held: reading and erasing it mean this object of this medium, whatever takes its path. */
export interface ObjectInHand {
  /** Where its bytes are read. */
  readonly content: MediumContent;
  /**
   * Erases it, if it is still what was seen. Answers how many other names (hard links) its content has left.
   * @throws EraseRefusedError, ObjectReplacedError
   */
  erase(seen: SeenObject): Promise<number>;
  letGo(): Promise<void>;
}

/** How the next listing was made to come from the medium: directory caches dropped, or only synced; or a new session with the device. */
export type CachesForgotten = 'caches-dropped' | 'synced' | 'new-session';

/**
 * A medium that is docked: lists, is read, and is erased object by object. Mounted volumes answer it, and devices on a cable
 * (PTP and MTP).
 */
export interface Source {
  /** What is known of it now; a device may tell more once it has answered. */
  readonly medium: MediumFacts;
  /** Where it is, to find it again after a restart of the station. Devices: `usb:` and what identifies them. */
  readonly root: string;
  /**
   * Everything on the medium, in a stable order.
   * @param known what was listed in this docking before: an object that is one of them gets the same path again
   * @throws SourceGoneError, ListingFailedError (and for a device that must be unlocked first, its own codes)
   */
  list(signal: AbortSignal, known: readonly ListedFile[]): Promise<Listing>;
  /**
   * Where an object's bytes are read.
   * @throws SourceGoneError; ObjectGoneError when a device has no such object (path, size, time) now
   */
  contentOf(item: ListedFile): Promise<MediumContent>;
  /** False once the medium was pulled, or another one took its place. */
  isConnected(): Promise<boolean>;
  /** Takes hold of one object, to look at it and erase it; null when it, or its folder, is not there. @throws SourceGoneError */
  take(item: ListedFile): Promise<ObjectInHand | null>;
  /** Makes the next listing come from the medium. Answers how far that went. */
  forgetCaches(): Promise<CachesForgotten>;
  /** What only a device on a cable can do; null for volumes. */
  readonly live: LiveDevice | null;
  /** Nobody asks this source any more. */
  close(): void;
}

/** Exposure as the device is set now; null where it does not say. */
export interface ExposureValues {
  readonly fNumber: number | null;
  readonly exposureSeconds: number | null;
  readonly iso: number | null;
  /** As the device names it: `auto`, `daylight`, `flash`, ... (ISO 15740 property 0x5005). */
  readonly whiteBalance: string | null;
  readonly focalLengthMm: number | null;
}

/** What a device tells by itself, after its first listing. */
export interface LiveListener {
  /** An object was announced that was not there before: a picture was just taken. Once for each. */
  onAdded(file: ListedFile): void;
  onExposure(values: ExposureValues): void;
}

/** A device on a cable, beyond being a carrier of files. */
export interface LiveDevice {
  /** The station may release the shutter (ISO 15740 InitiateCapture). Known after the first listing. */
  readonly canCapture: boolean;
  /** Tells from now on what happens on the device; until the source is closed. Called once, after the first listing. */
  listen(listener: LiveListener): void;
  /** Releases the shutter; the picture comes by `onAdded`. @throws PhotodockError with the device's code */
  capture(): Promise<void>;
  /** Null when the device does not tell any of it. */
  exposure(): Promise<ExposureValues | null>;
  /** The device's own small picture of an object (GetThumb), between two pieces of what is being read; null when there is none. */
  thumbnail(item: ListedFile): Promise<Uint8Array | null>;
  /** How far the device's clock is ahead of the station's, ms; null when it does not tell its time (property 0x5011). */
  clockOffset(): Promise<number | null>;
}
