import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { buildTiff, withExif, type Directory } from '../../unit/station/imaging/tiff-builder.ts';
import type { FaultRandom } from '../fault-random.ts';
import { testJpeg } from '../jpeg.ts';

/** Sound files of every kind, made or read once; what is hostile is made out of them. */
export interface Samples {
  /** A real camera's JPEG, turned and mirrored by its EXIF or not. */
  readonly cameras: readonly Buffer[];
  readonly heic: Buffer;
  readonly avif: Buffer;
  readonly mp4: Buffer;
  readonly png: Buffer;
  readonly tiff: Buffer;
  readonly cr2: Buffer;
  readonly nef: Buffer;
  readonly dng: Buffer;
}

/** Small ones of the npm package `exif`: Canon, Apple, and pictures that EXIF turns. */
const CAMERAS = ['evil1.jpg', 'test1.jpg', 'test3.jpg', 'short-ascii-MM.jpg', 'right.jpg', 'down-mirrored.jpg'];

/** Makes the samples; tools work in `folder`. */
export async function makeSamples(folder: string): Promise<Samples> {
  const run = promisify(execFile);
  const jpeg = await testJpeg(7, 320);
  const still = path.join(folder, 'sample.jpg');
  const [heic, mp4] = [path.join(folder, 'sample.heic'), path.join(folder, 'sample.mp4')];
  await writeFile(still, jpeg);
  await run('heif-enc', ['-q', '80', still, '-o', heic]);
  const film = ['-f', 'lavfi', '-i', 'testsrc=duration=1:size=128x96:rate=5', '-c:v', 'mpeg4'];
  await run('ffmpeg', ['-v', 'error', '-y', ...film, mp4]);
  const real = path.join(path.dirname(createRequire(import.meta.url).resolve('exif/package.json')), 'test');
  const preview = await testJpeg(8, 320);
  return {
    cameras: await Promise.all(CAMERAS.map((name) => readFile(path.join(real, name)))),
    heic: await readFile(heic),
    mp4: await readFile(mp4),
    avif: await sharp(jpeg).avif().toBuffer(),
    png: await sharp(jpeg).png().toBuffer(),
    tiff: await sharp(jpeg).tiff({ compression: 'deflate' }).toBuffer(),
    cr2: buildTiff(
      shot('Canon', [
        [0x0103, { short: [6] }],
        [0x0111, { blob: preview }],
        [0x0117, { long: [preview.length] }],
      ]),
      42,
      Buffer.from([0x43, 0x52, 2, 0, 0, 0, 0, 0]),
    ),
    nef: buildTiff(
      shot('NIKON CORPORATION', [
        [0x00fe, { long: [1] }],
        [
          0x014a,
          {
            directories: [
              {
                entries: [
                  [0x0201, { blob: preview }],
                  [0x0202, { long: [preview.length] }],
                ],
              },
            ],
          },
        ],
      ]),
    ),
    dng: buildTiff(
      shot('Apple', [
        [0xc612, { undefined: Uint8Array.of(1, 4, 0, 0) }],
        [
          0x014a,
          {
            directories: [
              {
                entries: [
                  [0x0103, { short: [7] }],
                  [0x0111, { blob: preview }],
                  [0x0117, { long: [preview.length] }],
                ],
              },
            ],
          },
        ],
      ]),
    ),
  };
}

/** The first directory of a camera's file: who made it and when, and what else is given. */
export function shot(make: string, entries: Directory['entries']): Directory {
  return {
    entries: [
      [0x010f, { text: make }],
      [0x8769, { directories: [{ entries: [[0x9003, { text: '2026:03:04 05:06:07' }]] }] }],
      ...entries,
    ],
  };
}

/** A sound JPEG that no other round has, with this EXIF block if one is given. */
export async function freshJpeg(random: FaultRandom, exif?: Uint8Array, size = 160): Promise<Buffer> {
  const jpeg = await testJpeg(random.below(1_000_000), size);
  return exif === undefined ? jpeg : withExif(jpeg, exif);
}
