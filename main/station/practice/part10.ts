import { createHash } from 'node:crypto';
import { DatasetFormatError, elementText, readDataset, type DatasetElement } from './dataset-reader.ts';

export const implicitLittleEndian = '1.2.840.10008.1.2';

/** One instance as the archive keeps it. */
export interface ArchivedInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly transferSyntax: string;
  /** The data set without preamble and file meta information, byte for byte as it came. */
  readonly dataset: Buffer;
}

/** Takes a data set as it came in a C-STORE apart, as far as an archive must. Throws DatasetFormatError. */
export function instanceFromDataset(dataset: Buffer, transferSyntax: string): ArchivedInstance {
  const elements = elementsOf({ dataset, transferSyntax });
  const uid = (tag: string) => {
    const text = elementText(elements, tag);
    if (!/^[0-9.]{1,64}$/.test(text)) throw new DatasetFormatError(`no valid UID in ${tag}`);
    return text;
  };
  return {
    sopClassUid: uid('00080016'),
    sopInstanceUid: uid('00080018'),
    studyUid: uid('0020000D'),
    seriesUid: uid('0020000E'),
    transferSyntax,
    dataset,
  };
}

/** Takes a Part-10 file apart. Throws DatasetFormatError. */
export function instanceFromPart10(file: Buffer): ArchivedInstance {
  if (file.length < 144 || file.toString('latin1', 128, 132) !== 'DICM')
    throw new DatasetFormatError('not a Part-10 file');
  const end = 144 + file.readUInt32LE(140);
  if (end > file.length) throw new DatasetFormatError('file meta information is cut off');
  const transferSyntax = elementText(readDataset(file.subarray(132, end), true), '00020010');
  return instanceFromDataset(file.subarray(end), transferSyntax);
}

/** The instance as a Part-10 file (PS3.10 7.1). */
export function toPart10(instance: Omit<ArchivedInstance, 'studyUid' | 'seriesUid'>): Buffer {
  const group = Buffer.concat([
    metaElement(0x0001, 'OB', Buffer.from([0, 1])),
    metaElement(0x0002, 'UI', Buffer.from(instance.sopClassUid)),
    metaElement(0x0003, 'UI', Buffer.from(instance.sopInstanceUid)),
    metaElement(0x0010, 'UI', Buffer.from(instance.transferSyntax)),
    metaElement(0x0012, 'UI', Buffer.from('2.25.268914702718246915120264938312049178116')),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), metaElement(0, 'UL', length), group, instance.dataset]);
}

/** All elements of an instance. Throws DatasetFormatError. */
export function elementsOf(instance: Pick<ArchivedInstance, 'dataset' | 'transferSyntax'>): DatasetElement[] {
  return readDataset(instance.dataset, instance.transferSyntax !== implicitLittleEndian);
}

/** The first frame's stream, fragments joined; null when the pixel data is not encapsulated. */
export function frameOf(instance: ArchivedInstance): Buffer | null {
  const fragments = elementsOf(instance).find(({ tag }) => tag === '7FE00010')?.fragments;
  return fragments == null ? null : Buffer.concat(fragments);
}

/** What makes two instances under one UID the same: every byte of the data set, and how it is to be read. */
export function contentHash(instance: ArchivedInstance): string {
  return createHash('sha256').update(instance.transferSyntax).update('\0').update(instance.dataset).digest('hex');
}

function metaElement(element: number, vr: string, value: Buffer): Buffer {
  const padded = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.alloc(1)]);
  const head = Buffer.alloc(vr === 'OB' ? 12 : 8);
  head.writeUInt16LE(0x0002, 0);
  head.writeUInt16LE(element, 2);
  head.write(vr, 4, 'latin1');
  if (vr === 'OB') head.writeUInt32LE(padded.length, 8);
  else head.writeUInt16LE(padded.length, 6);
  return Buffer.concat([head, padded]);
}
