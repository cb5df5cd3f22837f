import { DatasetReader } from './reader.ts';

/** ISO 15740, 5.5.1. */
export interface DeviceInfo {
  readonly standardVersion: number;
  readonly vendorExtensionId: number;
  readonly vendorExtensionText: string;
  readonly operations: ReadonlySet<number>;
  readonly events: ReadonlySet<number>;
  readonly properties: ReadonlySet<number>;
  readonly captureFormats: ReadonlySet<number>;
  readonly imageFormats: ReadonlySet<number>;
  readonly maker: string;
  readonly model: string;
  readonly version: string;
  readonly serial: string;
}

/** @throws PtpDatasetError */
export function readDeviceInfo(bytes: Uint8Array): DeviceInfo {
  const reader = new DatasetReader('DeviceInfo', bytes);
  const standardVersion = reader.u16();
  const vendorExtensionId = reader.u32();
  reader.u16();
  const vendorExtensionText = reader.string();
  reader.u16();
  const set = () => new Set(reader.left > 0 ? reader.u16Array() : []);
  return {
    standardVersion,
    vendorExtensionId,
    vendorExtensionText,
    operations: set(),
    events: set(),
    properties: set(),
    captureFormats: set(),
    imageFormats: set(),
    maker: reader.stringIfThere(),
    model: reader.stringIfThere(),
    version: reader.stringIfThere(),
    serial: reader.stringIfThere(),
  };
}
