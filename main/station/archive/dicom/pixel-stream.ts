import { createHash } from 'node:crypto';
import { ByteCursor } from './byte-cursor.ts';
import { DicomParseError } from './errors.ts';
import { readPart10 } from './read-part10.ts';
import { deflatedExplicitLittleEndian, explicitBigEndian, explicitLittleEndian, implicitLittleEndian } from './uids.ts';

/** The encapsulated stream of frame 1 as it stands in the object: with its pad byte, if the stream's length was odd. */
export interface PixelStream {
  bytes: Buffer;
  /** SHA-256 of `bytes`, pad included. Compare with `samePixelStream`, which knows of the pad. */
  sha256: string;
}

const undefinedLength = 0xffffffff;
const item = 0xe000;
const itemEnd = 0xe00d;
const sequenceEnd = 0xe0dd;
const greatestDepth = 64;

/** The pixel stream of a Part 10 file. @throws DicomParseError, and nothing else */
export function pixelStreamOf(bytes: Uint8Array): PixelStream {
  const { datasetOffset, transferSyntaxUid } = readPart10(bytes);
  return pixelStreamOfDataset(bytes.subarray(datasetOffset), transferSyntaxUid);
}

/** The pixel stream of a dataset that came without file header, as by C-STORE. @throws DicomParseError, and nothing else */
export function pixelStreamOfDataset(dataset: Uint8Array, transferSyntaxUid: string): PixelStream {
  const notEncapsulated = [implicitLittleEndian, explicitLittleEndian, deflatedExplicitLittleEndian, explicitBigEndian];
  if (notEncapsulated.includes(transferSyntaxUid)) throw new DicomParseError('pixel data is not encapsulated', 0);
  const cursor = new ByteCursor(dataset);
  while (cursor.remaining > 0) {
    const at = cursor.offset;
    const { group, element, vr, length } = cursor.header(false);
    if (group === 0x7fe0 && element === 0x0010) {
      if (length !== undefinedLength) throw new DicomParseError('pixel data is not encapsulated', at);
      const bytes = firstFrame(cursor);
      return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    }
    if (group === 0xfffe) throw new DicomParseError('item outside a sequence', at);
    if (length === undefinedLength) skipSequence(cursor, vr === 'UN');
    else cursor.skip(length);
  }
  throw new DicomParseError('no pixel data', cursor.offset);
}

/** Fragments up to the second frame's offset in the Basic Offset Table (PS3.5 A.4); all of them when it names one frame or none. */
function firstFrame(cursor: ByteCursor): Buffer {
  const table = nextItem(cursor);
  if (table === null) throw new DicomParseError('no Basic Offset Table item', cursor.offset);
  if (table.length % 4 !== 0) throw new DicomParseError('broken Basic Offset Table', cursor.offset);
  const start = cursor.offset;
  const secondFrame = table.length >= 8 ? start + table.readUInt32LE(4) : Infinity;
  const fragments: Buffer[] = [];
  while (cursor.offset < secondFrame) {
    const fragment = nextItem(cursor);
    if (fragment === null) break;
    fragments.push(fragment);
  }
  const [only] = fragments;
  if (!only) throw new DicomParseError('no fragments', start);
  return fragments.length === 1 ? only : Buffer.concat(fragments);
}

/** The next item of encapsulated pixel data, or null at the sequence delimiter. */
function nextItem(cursor: ByteCursor): Buffer | null {
  const at = cursor.offset;
  const { group, element, length } = cursor.header(false);
  if (group === 0xfffe && element === sequenceEnd && length === 0) return null;
  if (group !== 0xfffe || element !== item || length === undefinedLength)
    throw new DicomParseError('not a fragment', at);
  return cursor.take(length);
}

/** Skips a value of undefined length with all that is nested in it, without recursion. UN of undefined length is implicit VR. */
function skipSequence(cursor: ByteCursor, implicit: boolean): void {
  const open: { item: boolean; implicit: boolean }[] = [{ item: false, implicit }];
  for (let inner = open.at(-1); inner; inner = open.at(-1)) {
    const at = cursor.offset;
    const { group, element, vr, length } = cursor.header(inner.implicit);
    if (group !== 0xfffe) {
      if (!inner.item) throw new DicomParseError('element outside an item', at);
      if (length === undefinedLength) open.push({ item: false, implicit: inner.implicit || vr === 'UN' });
      else cursor.skip(length);
    } else if (element === item && !inner.item) {
      if (length === undefinedLength) open.push({ item: true, implicit: inner.implicit });
      else cursor.skip(length);
    } else if (element === (inner.item ? itemEnd : sequenceEnd)) {
      open.pop();
    } else {
      throw new DicomParseError('delimiter out of place', at);
    }
    if (open.length > greatestDepth) throw new DicomParseError('nested too deeply', at);
  }
}
