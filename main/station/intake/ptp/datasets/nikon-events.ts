import { DatasetReader, PtpDatasetError } from './reader.ts';

export interface NikonEvent {
  readonly code: number;
  readonly parameter: number;
}

/** Answer of Nikon GetEvent (0x90C7): u16 count, then u16 event code and u32 parameter of each. @throws PtpDatasetError */
export function readNikonEvents(bytes: Uint8Array): NikonEvent[] {
  if (bytes.length === 0) return [];
  const reader = new DatasetReader('Nikon events', bytes);
  const count = reader.u16();
  if (count * 6 > reader.left) throw new PtpDatasetError('Nikon events', 'it counts more than it holds');
  return Array.from({ length: count }, () => ({ code: reader.u16(), parameter: reader.u32() }));
}
