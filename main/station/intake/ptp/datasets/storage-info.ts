import { DatasetReader } from './reader.ts';

/** ISO 15740, 5.5.3. */
export interface StorageInfo {
  readonly storageType: number;
  readonly filesystemType: number;
  /** 0: read and write, 1: read-only, 2: read-only but objects may be deleted. */
  readonly access: number;
  readonly capacityBytes: number;
  readonly freeBytes: number;
  readonly description: string;
  readonly label: string;
}

/** @throws PtpDatasetError */
export function readStorageInfo(bytes: Uint8Array): StorageInfo {
  const reader = new DatasetReader('StorageInfo', bytes);
  const [storageType, filesystemType, access] = [reader.u16(), reader.u16(), reader.u16()];
  const [capacityBytes, freeBytes] = [reader.u64(), reader.u64()];
  reader.u32();
  return {
    storageType,
    filesystemType,
    access,
    capacityBytes,
    freeBytes,
    description: reader.stringIfThere(),
    label: reader.stringIfThere(),
  };
}
