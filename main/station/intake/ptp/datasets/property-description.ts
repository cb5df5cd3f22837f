import { DatasetReader } from './reader.ts';
import { readValue, type PtpValue } from './values.ts';

/** DevicePropDesc (ISO 15740, 13.3.3), as far as it is needed: which values are offered is not. */
export interface PropertyDescription {
  readonly property: number;
  readonly dataType: number;
  readonly isWritable: boolean;
  readonly current: PtpValue;
}

/** @throws PtpDatasetError */
export function readPropertyDescription(bytes: Uint8Array): PropertyDescription {
  const reader = new DatasetReader('DevicePropDesc', bytes);
  const property = reader.u16();
  const dataType = reader.u16();
  const isWritable = reader.u8() === 1;
  readValue(reader, dataType);
  return { property, dataType, isWritable, current: readValue(reader, dataType) };
}
