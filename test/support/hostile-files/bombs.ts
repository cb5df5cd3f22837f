import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { buildTiff } from '../../unit/station/imaging/tiff-builder.ts';
import type { FaultRandom } from '../fault-random.ts';
import { offsetOf, png, segment } from './chunks.ts';
import { freshJpeg } from './samples.ts';

/** 600 MB of zeros in 600 kB: a TIFF whose one strip unpacks to far more than its size can hold. */
export function tiffStripBomb(random: FaultRandom): Buffer {
  return tiff(64, 64, deflateSync(Buffer.alloc(600_000_000), { level: 1 }), random);
}

/** A TIFF that says 65,535 x 65,535, with a strip of a few bytes. */
export function tiffBomb(random: FaultRandom): Buffer {
  return tiff(65_535, 65_535, deflateSync(Buffer.alloc(4096)), random);
}

function tiff(width: number, height: number, strip: Buffer, random: FaultRandom): Buffer {
  return buildTiff({
    entries: [
      [0x0100, { long: [width] }],
      [0x0101, { long: [height] }],
      [0x0102, { short: [8, 8, 8] }],
      [0x0103, { short: [8] }],
      [0x0106, { short: [2] }],
      [0x0111, { blob: strip }],
      [0x0115, { short: [3] }],
      [0x0116, { long: [height] }],
      [0x0117, { long: [strip.length] }],
      [0x0131, { text: `bomb ${random.below(1_000_000)}` }],
    ],
  });
}

/** A PNG of 40 pixels whose colour profile and text unpack to 300 MB each. */
export function pngProfileBomb(random: FaultRandom): Buffer {
  const packed = deflateSync(Buffer.alloc(300_000_000), { level: 1 });
  const named = (name: string) => Buffer.concat([Buffer.from(`${name}\0\0`, 'latin1'), packed]);
  const tag = Buffer.from(`round\0${random.below(1_000_000)}`, 'latin1');
  const chunks: [string, Uint8Array][] = [
    ['iCCP', named('profile')],
    ['zTXt', named('comment')],
    ['tEXt', tag],
  ];
  return png(40, 40, 40 * 121, { chunks });
}

/** 199 megapixels, just below the limit, that are truly there: 600 MB of pixels in a file of 600 kB. */
export function pngJustBelow(random: FaultRandom, interlaced = false): Buffer {
  const tag = Buffer.from(`n\0${random.below(1_000_000)}`, 'latin1');
  return png(19_900, 10_000, 12_000 * (1 + 19_900 * 3), { chunks: [['tEXt', tag]], interlaced });
}

/** A progressive JPEG with so many more scans that each go over the whole picture, in 26 bytes. */
export async function manyScans(random: FaultRandom, scans: number): Promise<Buffer> {
  const jpeg = await sharp(await freshJpeg(random))
    .greyscale()
    .jpeg({ progressive: true })
    .toBuffer();
  const [component = 1] = jpeg.subarray(offsetOf(jpeg, [0xda]) + 5);
  // A table with one symbol, "end of band for 16,384 blocks and more", and a scan that says it once.
  const table = segment(0xc4, Buffer.from([0x10, 1, ...Array.from({ length: 15 }, () => 0), 0xe0]));
  const again = Buffer.concat([
    table,
    segment(0xda, Buffer.from([1, component, 0, 1, 63, 0])),
    Buffer.from([0x7f, 0xfe]),
  ]);
  const end = jpeg.length - 2;
  return Buffer.concat([jpeg.subarray(0, end), ...Array.from({ length: scans }, () => again), jpeg.subarray(end)]);
}
