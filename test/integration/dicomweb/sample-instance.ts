import { randomBytes, randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { encodeElements, part10, type FixtureElement } from '../../support/worklist-file.ts';

export interface SampleInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  /** The Part-10 file. */
  readonly bytes: Buffer;
  /** The JPEG inside, without the padding byte. */
  readonly jpeg: Buffer;
}

export const vlPhotographic = '1.2.840.10008.5.1.4.1.1.77.1.4';

export function newUid(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
}

/** A JPEG of noise; `bytes` makes it about that long. */
export function sampleJpeg(width = 96, height = 64): Promise<Buffer> {
  const pixels = randomBytes(width * height * 3);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** A small VL Photographic instance around a JPEG, built without any code of the station. */
export async function sampleInstance(
  over: { studyUid?: string; seriesUid?: string; jpeg?: Buffer } = {},
): Promise<SampleInstance> {
  const jpeg = over.jpeg ?? (await sampleJpeg());
  const { width, height } = await sharp(jpeg).metadata();
  const sopInstanceUid = newUid();
  const studyUid = over.studyUid ?? newUid();
  const seriesUid = over.seriesUid ?? newUid();
  const us = (value: number) => {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return bytes;
  };
  const elements: FixtureElement[] = [
    [0x00080005, 'CS', 'ISO_IR 192'],
    [0x00080008, 'CS', 'ORIGINAL\\PRIMARY'],
    [0x00080016, 'UI', vlPhotographic],
    [0x00080018, 'UI', sopInstanceUid],
    [0x00080060, 'CS', 'XC'],
    [0x00100010, 'PN', 'Übung^Jürgen'],
    [0x00100020, 'LO', 'PRACTICE-1'],
    [0x0020000d, 'UI', studyUid],
    [0x0020000e, 'UI', seriesUid],
    [0x00280002, 'US', us(3)],
    [0x00280004, 'CS', 'YBR_FULL_422'],
    [0x00280006, 'US', us(0)],
    [0x00280010, 'US', us(height)],
    [0x00280011, 'US', us(width)],
    [0x00280100, 'US', us(8)],
    [0x00280101, 'US', us(8)],
    [0x00280102, 'US', us(7)],
    [0x00280103, 'US', us(0)],
  ];
  const body = Buffer.concat([encodeElements(elements), encapsulated(jpeg)]);
  const meta = { sopClassUid: vlPhotographic, sopInstanceUid, transferSyntaxUid: '1.2.840.10008.1.2.4.50' };
  return { sopClassUid: vlPhotographic, sopInstanceUid, studyUid, seriesUid, jpeg, bytes: part10(meta, body) };
}

function encapsulated(jpeg: Buffer): Buffer {
  const padded = jpeg.length % 2 === 0 ? jpeg : Buffer.concat([jpeg, Buffer.alloc(1)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  return Buffer.concat([
    Buffer.from('e07f1000 4f42 0000 ffffffff feff00e0 00000000 feff00e0'.replaceAll(' ', ''), 'hex'),
    length,
    padded,
    Buffer.from('feffdde000000000', 'hex'),
  ]);
}
