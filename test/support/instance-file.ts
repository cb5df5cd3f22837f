import { randomBytes, randomUUID } from 'node:crypto';
import { encodeElements, part10 } from './worklist-file.ts';

export const VL_PHOTOGRAPHIC = '1.2.840.10008.5.1.4.1.1.77.1.4';
export const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';

export interface InstanceFixture {
  bytes: Buffer;
  sopClassUid: string;
  sopInstanceUid: string;
  transferSyntaxUid: string;
  studyUid: string;
  seriesUid: string;
}

export function newUid(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
}

/**
 * A Part-10 file for network tests: a real data set whose one JPEG fragment is random bytes of that size, with a private
 * element that a careless sender would drop. Not a picture: tests of pictures build theirs with the real builder.
 */
export function instanceFile(pixelBytes = 5_000, given: Partial<InstanceFixture> = {}): InstanceFixture {
  const instance = {
    sopClassUid: VL_PHOTOGRAPHIC,
    transferSyntaxUid: JPEG_BASELINE,
    sopInstanceUid: newUid(),
    studyUid: newUid(),
    seriesUid: newUid(),
    ...given,
  };
  const us = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);
  const elements = encodeElements([
    [0x00080005, 'CS', 'ISO_IR 192'],
    [0x00080016, 'UI', instance.sopClassUid],
    [0x00080018, 'UI', instance.sopInstanceUid],
    [0x00080060, 'CS', 'XC'],
    [0x00091001, 'LO', 'private value'],
    [0x00090010, 'LO', 'PHOTODOCK TEST'],
    [0x00100010, 'PN', 'Test^Tëst'],
    [0x00100020, 'LO', 'T1'],
    [0x0020000d, 'UI', instance.studyUid],
    [0x0020000e, 'UI', instance.seriesUid],
    [0x00280002, 'US', us(3)],
    [0x00280004, 'CS', 'YBR_FULL_422'],
    [0x00280010, 'US', us(8)],
    [0x00280011, 'US', us(8)],
    [0x00280100, 'US', us(8)],
    [0x00280101, 'US', us(8)],
    [0x00280102, 'US', us(7)],
    [0x00280103, 'US', us(0)],
  ]);
  const fragment = randomBytes(pixelBytes + (pixelBytes % 2));
  const head = Buffer.from(
    // (7FE0,0010) OB of undefined length, an empty offset table, the head of one fragment
    'e07f10004f420000ffffffff feff00e000000000 feff00e000000000'.replaceAll(' ', ''),
    'hex',
  );
  head.writeUInt32LE(fragment.length, 24);
  const pixels = Buffer.concat([head, fragment, Buffer.from('feffdde000000000', 'hex')]);
  return { ...instance, bytes: part10(instance, Buffer.concat([elements, pixels])) };
}
