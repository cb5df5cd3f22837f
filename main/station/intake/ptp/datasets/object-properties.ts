import { DatasetReader, PtpDatasetError } from './reader.ts';
import { readValue, type PtpValue } from './values.ts';

/** Object properties (MTP 1.1, appendix B). */
export const OBJECT_PROPERTY = { size: 0xdc04, fileName: 0xdc07, parent: 0xdc0b, persistentId: 0xdc41 } as const;

export interface ObjectProperty {
  readonly handle: number;
  readonly property: number;
  readonly value: PtpValue;
}

/** Answer of GetObjectPropList (MTP 1.1, E.2.2 ObjectPropList). @throws PtpDatasetError */
export function readObjectProperties(bytes: Uint8Array): ObjectProperty[] {
  const reader = new DatasetReader('ObjectPropList', bytes);
  // Handle, property and datatype of each are there at least.
  const length = reader.count(8);
  return Array.from({ length }, () => {
    const [handle, property, dataType] = [reader.u32(), reader.u16(), reader.u16()];
    return { handle, property, value: readValue(reader, dataType) };
  });
}

/** Answer of GetObjectPropValue for a number of 64 or 32 bits (0xDC04 ObjectSize). @throws PtpDatasetError */
export function readNumberValue(bytes: Uint8Array): number {
  const reader = new DatasetReader('ObjectPropValue', bytes);
  if (bytes.length >= 8) return reader.u64();
  if (bytes.length >= 4) return reader.u32();
  throw new PtpDatasetError('ObjectPropValue', 'it ends early');
}
