import { decodeCoefficients } from '../../../main/station/imaging/jpeg/decode-coefficients.ts';
import {
  orientLosslessly,
  recordFromJpeg,
  stripJpeg,
  toOrientation,
  walkJpeg,
} from '../../../main/station/imaging/jpeg/index.ts';
import { makeJpeg } from '../../unit/station/imaging/jpeg/jpeg-tools.ts';
import { check, unlessRefused, type FuzzTarget } from '../target.ts';

const CODES = ['jpeg-malformed', 'jpeg-unsupported'];
/** The turn that undoes each. */
const INVERSE = [1, 1, 2, 3, 4, 5, 8, 7, 6] as const;

/** The last byte says how to turn it, the others are the JPEG. Turning there and back gives the very coefficients. */
export const jpeg: FuzzTarget = {
  name: 'jpeg',
  covers: [
    'walk-jpeg',
    'strip-jpeg',
    'read-tables',
    'huffman-decoder',
    'entropy-reader',
    'scan-decoder',
    'decode-coefficients',
    'encode-baseline',
    'orient-jpeg',
    'record-from-jpeg',
    'application-segments',
    'symbol-counter',
    'symbol-writer',
    'optimal-huffman',
    'entropy-writer',
  ].map((name) => `/imaging/jpeg/${name}.ts`),
  seeds: () =>
    [
      makeJpeg(48, 32, '-sample', '2x2'),
      makeJpeg(33, 17, '-sample', '2x1', '-restart', '1B'),
      makeJpeg(40, 24, '-progressive'),
      makeJpeg(33, 17, '-progressive', '-restart', '2B', '-grayscale'),
      makeJpeg(16, 16, '-rgb', '-optimize'),
    ].flatMap((bytes) => [1, 6, 8].map((orientation) => Buffer.concat([bytes, Buffer.of(orientation)]))),
  dictionary: [
    '\xff\xd8',
    '\xff\xd9',
    '\xff\xda',
    '\xff\xc0',
    '\xff\xc2',
    '\xff\xc4',
    '\xff\xdb',
    '\xff\xdd\x00\x04',
    '\xff\xd0',
    '\xff\xdc',
    '\xff\xe1',
    'Exif\0\0',
    'ICC_PROFILE\0\x01\x01',
    'JFIF\0',
    'Adobe',
    '\xff\0',
  ],
  run(bytes) {
    const stream = bytes.subarray(0, -1);
    const orientation = toOrientation((bytes.at(-1) ?? 0) % 10);
    const structure = unlessRefused(CODES, () => walkJpeg(stream));
    unlessRefused(CODES, () => recordFromJpeg(stream, orientation));
    if (structure === null) return;
    for (const { offset, dataOffset, dataLength, scan } of structure.segments) {
      check(dataOffset + dataLength <= stream.length && offset < dataOffset, 'a segment lies within the bytes');
      if (scan) check(scan.dataOffset <= scan.dataEnd && scan.dataEnd <= stream.length, 'a scan lies within the bytes');
    }
    const stripped = stripJpeg(stream, structure).jpeg;
    check(
      stripJpeg(stripped).jpeg.every((byte, at) => byte === stripped[at]),
      'stripping twice is stripping once',
    );
    const turned = unlessRefused(CODES, () => orientLosslessly(stream, orientation, structure));
    if (turned === null || structure.truncated) return;
    const back = unlessRefused(CODES, () => orientLosslessly(turned, INVERSE[orientation]));
    if (back === null) return;
    const [before, after] = [decodeCoefficients(stream, structure), decodeCoefficients(back, walkJpeg(back))];
    check(before.width === after.width && before.height === after.height, 'there and back keeps the size');
    for (const [index, { coefficients }] of before.planes.entries()) {
      check(
        Buffer.from(coefficients.buffer).equals(Buffer.from(after.planes[index]!.coefficients.buffer)),
        'there and back keeps every coefficient',
      );
    }
  },
};
