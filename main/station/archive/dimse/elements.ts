import { MalformedDatasetError } from './errors.ts';

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** An element to send: text as UTF-8, or the items of a sequence. An empty text is a universal key. */
export type OutElement = readonly [tag: number, vr: string, value: string | readonly (readonly OutElement[])[]];

const LONG_FORM = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const UNDEFINED = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const MAX_DEPTH = 12;

/** Encodes a small data set (a query, a commitment request) in the given little endian transfer syntax. */
export function encodeElements(elements: readonly OutElement[], transferSyntaxUid: string): Buffer {
  const explicit = transferSyntaxUid !== IMPLICIT_LITTLE_ENDIAN;
  const sorted = [...elements].sort((a, b) => a[0] - b[0]);
  return Buffer.concat(sorted.map((element) => encodeElement(element, explicit, transferSyntaxUid)));
}

function encodeElement([tag, vr, value]: OutElement, explicit: boolean, transferSyntaxUid: string): Buffer {
  let body: Buffer;
  if (typeof value === 'string') {
    body = Buffer.from(value, 'utf8');
    if (body.length % 2 === 1) body = Buffer.concat([body, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
  } else {
    body = Buffer.concat(
      value.flatMap((item) => {
        const bytes = encodeElements(item, transferSyntaxUid);
        return [header(ITEM, null, bytes.length), bytes];
      }),
    );
  }
  return Buffer.concat([header(tag, explicit ? vr : null, body.length), body]);
}

function header(tag: number, vr: string | null, length: number): Buffer {
  const long = vr !== null && LONG_FORM.has(vr);
  const bytes = Buffer.alloc(long ? 12 : 8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  if (vr) bytes.write(vr, 4, 'latin1');
  if (long) bytes.writeUInt32LE(length, 8);
  else if (vr) bytes.writeUInt16LE(length, 6);
  else bytes.writeUInt32LE(length, 4);
  return bytes;
}

/** The raw values of one data set or item, by tag. Nothing is decoded: character sets are the reader's business. */
export class ElementSet {
  readonly #values: Map<number, { bytes: Buffer; implicit: boolean }>;
  readonly #depth: number;

  constructor(values: Map<number, { bytes: Buffer; implicit: boolean }>, depth: number) {
    this.#values = values;
    this.#depth = depth;
  }

  /** The value's bytes as sent, padding included; null when the element is absent. */
  bytes(tag: number): Buffer | null {
    return this.#values.get(tag)?.bytes ?? null;
  }

  /** Value of an ASCII element (UI, CS, DA, TM, AE, IS); null when absent or empty. */
  ascii(tag: number): string | null {
    const value = this.bytes(tag)
      ?.toString('latin1')
      .replace(/^ +|[\0 ]+$/g, '');
    return value ? value : null;
  }

  uint16(tag: number): number | null {
    const bytes = this.bytes(tag);
    return bytes && bytes.length >= 2 ? bytes.readUInt16LE() : null;
  }

  /** The items of a sequence; empty when absent. */
  items(tag: number): ElementSet[] {
    const value = this.#values.get(tag);
    if (!value) return [];
    const items: ElementSet[] = [];
    let at = 0;
    while (at + 8 <= value.bytes.length) {
      const itemTag = tagAt(value.bytes, at);
      if (itemTag === SEQUENCE_END) break;
      if (itemTag !== ITEM) throw new MalformedDatasetError('sequence without an item');
      const length = value.bytes.readUInt32LE(at + 4);
      const scan = length === UNDEFINED ? value.bytes.subarray(at + 8) : cut(value.bytes, at + 8, length);
      const { set, next } = scanElements(scan, value.implicit, this.#depth + 1);
      items.push(set);
      at += 8 + (length === UNDEFINED ? next : length);
    }
    return items;
  }
}

/** Reads a data set in any little endian transfer syntax. Throws MalformedDatasetError. */
export function readElements(bytes: Buffer, transferSyntaxUid: string): ElementSet {
  return scanElements(bytes, transferSyntaxUid === IMPLICIT_LITTLE_ENDIAN, 0).set;
}

function scanElements(bytes: Buffer, implicit: boolean, depth: number): { set: ElementSet; next: number } {
  if (depth > MAX_DEPTH) throw new MalformedDatasetError('nested too deep');
  const values = new Map<number, { bytes: Buffer; implicit: boolean }>();
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) throw new MalformedDatasetError('cut off in an element header');
    const tag = tagAt(bytes, at);
    if (tag === ITEM_END) return { set: new ElementSet(values, depth), next: at + 8 };
    let length = bytes.readUInt32LE(at + 4);
    let start = at + 8;
    let inner = implicit;
    if (!implicit) {
      const vr = bytes.toString('latin1', at + 4, at + 6);
      if (!/^[A-Z]{2}$/.test(vr)) throw new MalformedDatasetError('no value representation');
      if (LONG_FORM.has(vr)) {
        if (at + 12 > bytes.length) throw new MalformedDatasetError('cut off in an element header');
        length = bytes.readUInt32LE(at + 8);
        start = at + 12;
      } else {
        length = bytes.readUInt16LE(at + 6);
      }
      // PS3.5 6.2.2 note 4: a sequence sent as UN keeps the implicit encoding
      inner = vr === 'UN';
    }
    if (length === UNDEFINED) {
      const end = sequenceEnd(bytes, start, inner, depth);
      values.set(tag, { bytes: bytes.subarray(start, end - 8), implicit: inner });
      at = end;
    } else {
      values.set(tag, { bytes: cut(bytes, start, length), implicit: inner });
      at = start + length;
    }
  }
  return { set: new ElementSet(values, depth), next: at };
}

function sequenceEnd(bytes: Buffer, start: number, implicit: boolean, depth: number): number {
  let at = start;
  while (at + 8 <= bytes.length) {
    const tag = tagAt(bytes, at);
    const length = bytes.readUInt32LE(at + 4);
    if (tag === SEQUENCE_END) return at + 8;
    if (tag !== ITEM) throw new MalformedDatasetError('sequence without an item');
    if (length === UNDEFINED) at += 8 + scanElements(bytes.subarray(at + 8), implicit, depth + 1).next;
    else at += 8 + length;
  }
  throw new MalformedDatasetError('sequence without an end');
}

function tagAt(bytes: Buffer, at: number): number {
  return bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2);
}

function cut(bytes: Buffer, start: number, length: number): Buffer {
  if (start + length > bytes.length) throw new MalformedDatasetError('a value reaches beyond the end');
  return bytes.subarray(start, start + length);
}
