import { DatasetReader } from './reader.ts';

/** An array of 32-bit numbers: storage ids, object handles (ISO 15740, 5.3.3). @throws PtpDatasetError */
export function readNumberArray(bytes: Uint8Array): number[] {
  // Some devices send nothing at all for an empty list.
  if (bytes.length === 0) return [];
  return new DatasetReader('array', bytes).u32Array();
}
