import { PtpDatasetError, type DatasetReader } from './reader.ts';

export type PtpValue = number | string | readonly number[];

const STRING = 0xffff;
const ARRAY = 0x4000;

/** A value of a datatype code (ISO 15740, 5.3.1). 128-bit numbers are told as text. @throws PtpDatasetError */
export function readValue(reader: DatasetReader, dataType: number): PtpValue {
  if (dataType === STRING) return reader.string();
  if (dataType & ARRAY) {
    const element = dataType & ~ARRAY;
    const length = reader.count(bytesOf(element));
    return Array.from({ length }, () => Number(readValue(reader, element)));
  }
  switch (dataType) {
    case 0x0001:
      return reader.i8();
    case 0x0002:
      return reader.u8();
    case 0x0003:
      return reader.i16();
    case 0x0004:
      return reader.u16();
    case 0x0005:
      return reader.i32();
    case 0x0006:
      return reader.u32();
    case 0x0007:
      return reader.i64();
    case 0x0008:
      return reader.u64();
    case 0x0009:
    case 0x000a:
      return Array.from({ length: 16 }, () => reader.u8().toString(16).padStart(2, '0'))
        .toReversed()
        .join('');
    default:
      throw new PtpDatasetError('value', 'its datatype is unknown');
  }
}

function bytesOf(dataType: number): number {
  const bytes = [0, 1, 1, 2, 2, 4, 4, 8, 8, 16, 16][dataType];
  if (!bytes) throw new PtpDatasetError('value', 'its datatype is unknown');
  return bytes;
}
