import { DatasetReader, PtpDatasetError } from './reader.ts';

/** Where ObjectInfo cannot say the size, because it does not fit 32 bits. */
export const SIZE_UNKNOWN = 0xffff_ffff;
/** Format of a folder ("association"). */
export const FOLDER_FORMAT = 0x3001;

/** ISO 15740, 5.5.2. */
export interface ObjectInfo {
  readonly storageId: number;
  readonly format: number;
  /** 0: none; 1: may not be deleted. */
  readonly protection: number;
  /** Bytes; `SIZE_UNKNOWN` when 4 GB or more. */
  readonly size: number;
  readonly thumbSize: number;
  readonly width: number;
  readonly height: number;
  /** Handle of the folder; 0: in the root. Not to be trusted: iOS names parents that do not exist. */
  readonly parent: number;
  readonly isFolder: boolean;
  readonly name: string;
  /** PTP date texts, as they came. */
  readonly capturedAt: string;
  readonly modifiedAt: string;
}

const NAME_AT = 52;

/**
 * Samsung phones send the size in 64 bits: the name, which is always there, then begins four bytes later.
 * @throws PtpDatasetError
 */
export function readObjectInfo(bytes: Uint8Array): ObjectInfo {
  const hasWideSize = isWide(bytes);
  const reader = new DatasetReader('ObjectInfo', bytes);
  const [storageId, format, protection] = [reader.u32(), reader.u16(), reader.u16()];
  const size = hasWideSize ? reader.u64() : reader.u32();
  reader.u16();
  const thumbSize = reader.u32();
  reader.skip(8);
  const [width, height] = [reader.u32(), reader.u32()];
  reader.skip(4);
  const parent = reader.u32();
  const association = reader.u16();
  reader.skip(8);
  const name = reader.string();
  if (name === '') throw new PtpDatasetError('ObjectInfo', 'it names nothing');
  return {
    storageId,
    format,
    protection,
    size,
    thumbSize,
    width,
    height,
    parent,
    isFolder: format === FOLDER_FORMAT || (association === 1 && size === 0 && format === 0x3000),
    name,
    capturedAt: reader.stringIfThere(),
    modifiedAt: reader.stringIfThere(),
  };
}

/** Whether the name stands where a 64-bit size puts it, and no name stands at the usual place (libgphoto2, ptp-pack.c). */
function isWide(bytes: Uint8Array): boolean {
  return !namesSomething(bytes, NAME_AT) && namesSomething(bytes, NAME_AT + 4);
}

function namesSomething(bytes: Uint8Array, at: number): boolean {
  const units = bytes[at] ?? 0;
  const end = at + 1 + 2 * units;
  if (units < 2 || end > bytes.length) return false;
  // A counted string that ends with its NUL.
  return bytes[end - 1] === 0 && bytes[end - 2] === 0 && (bytes[at + 1] !== 0 || bytes[at + 2] !== 0);
}
