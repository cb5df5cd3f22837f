import { PhotodockError } from '../../../shared/domain/errors.ts';

/** The bytes are not a DICOM data set this archive can read. */
export class DatasetFormatError extends PhotodockError {
  constructor(message: string) {
    super('practice-dataset-unreadable', message);
  }
}

export interface DatasetElement {
  /** Eight upper-case hex digits, e.g. `0020000D`. */
  readonly tag: string;
  /** `UN` when the transfer syntax is implicit and we do not know the tag. */
  readonly vr: string;
  readonly value: Buffer;
  readonly items: readonly DatasetElement[][] | null;
  /** Encapsulated pixel data without the offset table. */
  readonly fragments: readonly Buffer[] | null;
}

const undefinedLength = 0xffffffff;
const longForm = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const deepest = 16;

/** VR of the few attributes this archive looks at, for implicit VR. */
const knownVr: Readonly<Record<string, string>> = {
  '00080005': 'CS',
  '00080016': 'UI',
  '00080018': 'UI',
  '00080020': 'DA',
  '00080030': 'TM',
  '00080050': 'SH',
  '00080060': 'CS',
  '00100010': 'PN',
  '00100020': 'LO',
  '0020000D': 'UI',
  '0020000E': 'UI',
  '00280010': 'US',
  '00280011': 'US',
};

/**
 * Reads a little-endian data set into its elements (PS3.5 7.1 and A.4). The archive has its own reader on purpose: it
 * stands for the world outside and must not share the station's mistakes.
 */
export function readDataset(bytes: Buffer, explicit: boolean): DatasetElement[] {
  return new Reader(bytes, explicit).elements(bytes.length, 0);
}

class Reader {
  readonly bytes: Buffer;
  readonly explicit: boolean;
  at = 0;

  constructor(bytes: Buffer, explicit: boolean) {
    this.bytes = bytes;
    this.explicit = explicit;
  }

  elements(end: number, depth: number): DatasetElement[] {
    if (depth > deepest) throw new DatasetFormatError('sequences are nested too deeply');
    const found: DatasetElement[] = [];
    while (this.at < end) {
      const tag = this.tag();
      if (tag === 'FFFEE00D') {
        this.at += 4;
        return found;
      }
      found.push(this.element(tag, end, depth));
    }
    return found;
  }

  element(tag: string, end: number, depth: number): DatasetElement {
    const { vr, length } = this.head(tag);
    const plain = { tag, vr, items: null, fragments: null };
    if (length === undefinedLength && tag === '7FE00010') {
      return { ...plain, value: Buffer.alloc(0), fragments: this.fragments() };
    }
    if (vr === 'SQ' || length === undefinedLength) {
      const items = this.items(length === undefinedLength ? end : this.at + length, depth);
      return { ...plain, vr: 'SQ', value: Buffer.alloc(0), items };
    }
    return { ...plain, value: this.take(length, end) };
  }

  head(tag: string): { vr: string; length: number } {
    if (!this.explicit) return { vr: knownVr[tag] ?? 'UN', length: this.take(4).readUInt32LE() };
    const vr = this.take(2).toString('latin1');
    if (!/^[A-Z]{2}$/.test(vr)) throw new DatasetFormatError('no value representation where one must be');
    if (!longForm.has(vr)) return { vr, length: this.take(2).readUInt16LE() };
    this.take(2);
    return { vr, length: this.take(4).readUInt32LE() };
  }

  items(end: number, depth: number): DatasetElement[][] {
    const items: DatasetElement[][] = [];
    while (this.at < end) {
      const tag = this.tag();
      const length = this.take(4).readUInt32LE();
      if (tag === 'FFFEE0DD') return items;
      if (tag !== 'FFFEE000') throw new DatasetFormatError('a sequence holds something other than items');
      items.push(this.elements(length === undefinedLength ? end : this.at + length, depth + 1));
    }
    return items;
  }

  fragments(): Buffer[] {
    const fragments: Buffer[] = [];
    for (;;) {
      const tag = this.tag();
      const length = this.take(4).readUInt32LE();
      if (tag === 'FFFEE0DD') return fragments.slice(1);
      if (tag !== 'FFFEE000') throw new DatasetFormatError('encapsulated pixel data holds something other than items');
      fragments.push(this.take(length));
    }
  }

  tag(): string {
    const bytes = this.take(4);
    const number = bytes.readUInt16LE(0) * 0x10000 + bytes.readUInt16LE(2);
    return number.toString(16).toUpperCase().padStart(8, '0');
  }

  take(length: number, end = this.bytes.length): Buffer {
    if (this.at + length > end) throw new DatasetFormatError('the data set ends in the middle of an element');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/** Text of an element without padding; '' when absent. */
export function elementText(elements: readonly DatasetElement[], tag: string): string {
  const element = elements.find((one) => one.tag === tag);
  return element === undefined ? '' : element.value.toString('utf8').replace(/[\0 ]+$/, '');
}
