import { ByteCursor } from './byte-cursor.ts';
import { DicomParseError } from './errors.ts';

export interface Part10Header {
  transferSyntaxUid: string;
  sopClassUid: string;
  sopInstanceUid: string;
  /** Where the dataset begins, after the file meta information. */
  datasetOffset: number;
}

const fileMetaGroup = 0x0002;
const undefinedLength = 0xffffffff;

/**
 * Reads the header of a DICOM file (PS3.10 7.1) with every length checked. Our own reader, because dcmjs fills what is missing
 * with zeroes instead of failing.
 * @throws DicomParseError, and nothing else, for bytes that are not such a file
 */
export function readPart10(bytes: Uint8Array): Part10Header {
  const cursor = new ByteCursor(bytes);
  if (bytes.byteLength < 132 || cursor.text(128, 4) !== 'DICM') throw new DicomParseError('no DICM prefix', 0);
  const found = new Map<number, string>();
  cursor.offset = 132;
  while (cursor.remaining >= 4 && cursor.group() === fileMetaGroup) {
    const at = cursor.offset;
    const { element, vr, length } = cursor.header(false);
    if (length === undefinedLength) throw new DicomParseError('undefined length in the file header', at);
    if (element === 0 && length === 4) checkWhole(cursor, at);
    if (vr === 'UI') found.set(element, cursor.text(cursor.offset, length).replace(/[\0 ]+$/, ''));
    cursor.skip(length);
  }
  return {
    sopClassUid: uid(found.get(0x0002), cursor.offset),
    sopInstanceUid: uid(found.get(0x0003), cursor.offset),
    transferSyntaxUid: uid(found.get(0x0010), cursor.offset),
    datasetOffset: cursor.offset,
  };
}

/** The group length tells where the header ends: a file cut between two of its elements would else look whole. */
function checkWhole(cursor: ByteCursor, at: number): void {
  const groupLength = cursor.unsigned32(cursor.offset);
  if (groupLength > cursor.remaining - 4) throw new DicomParseError('file header cut short', at);
}

function uid(value: string | undefined, offset: number): string {
  if (value === undefined || !/^[0-9.]{1,64}$/.test(value))
    throw new DicomParseError('a UID of the file header is missing', offset);
  return value;
}
