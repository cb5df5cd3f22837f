import { DicomParseError } from './errors.ts';

/** VRs whose explicit header has a 4-byte length after two reserved bytes (PS3.5 7.1.2). */
const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

export interface ElementHeader {
  group: number;
  element: number;
  vr: string;
  length: number;
}

/** Walks little-endian DICOM bytes. Every step is bounds-checked and goes forward, so no input can make it hang. */
export class ByteCursor {
  offset = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.offset;
  }

  /** The group of the element at hand, without moving. */
  group(): number {
    this.#need(2);
    return this.#bytes.readUInt16LE(this.offset);
  }

  /** Reads a tag, its VR (empty when implicit, and for items and delimiters) and its length. */
  header(implicit: boolean): ElementHeader {
    this.#need(8);
    const group = this.#bytes.readUInt16LE(this.offset);
    const element = this.#bytes.readUInt16LE(this.offset + 2);
    if (implicit || group === 0xfffe) {
      const length = this.#bytes.readUInt32LE(this.offset + 4);
      this.offset += 8;
      return { group, element, vr: '', length };
    }
    const vr = this.#bytes.toString('latin1', this.offset + 4, this.offset + 6);
    if (!/^[A-Z]{2}$/.test(vr)) throw new DicomParseError('no VR where one must be', this.offset);
    if (!longVrs.has(vr)) {
      const length = this.#bytes.readUInt16LE(this.offset + 6);
      this.offset += 8;
      return { group, element, vr, length };
    }
    this.#need(12);
    const length = this.#bytes.readUInt32LE(this.offset + 8);
    this.offset += 12;
    return { group, element, vr, length };
  }

  skip(length: number): void {
    this.#need(length);
    this.offset += length;
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Buffer {
    this.#need(length);
    const part = this.#bytes.subarray(this.offset, this.offset + length);
    this.offset += length;
    return part;
  }

  unsigned32(at: number): number {
    if (at + 4 > this.#bytes.length) throw new DicomParseError('value reaches behind the end', at);
    return this.#bytes.readUInt32LE(at);
  }

  text(at: number, length: number): string {
    if (at + length > this.#bytes.length) throw new DicomParseError('value reaches behind the end', at);
    return this.#bytes.toString('latin1', at, at + length);
  }

  #need(length: number): void {
    if (length > this.remaining) throw new DicomParseError('value reaches behind the end', this.offset);
  }
}
