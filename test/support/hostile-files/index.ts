import type { FaultRandom } from '../fault-random.ts';
import { pngJustBelow, pngProfileBomb, manyScans, tiffBomb, tiffStripBomb } from './bombs.ts';
import { png, withSize, withSpatialExtent } from './chunks.ts';
import {
  gifAndScript,
  hugeProfile,
  jpegAndHtml,
  jpegAndZip,
  largestProfile,
  motionPhoto,
  multiPicture,
} from './containers.ts';
import { bitFlipped, damaged, truncated, zeroed } from './damage.ts';
import { exifHugeCounts, exifLoop, exifTexts, makerNoteMonster } from './exif.ts';
import { freshJpeg, type Samples } from './samples.ts';

/**
 * What the station must make of a file. In every case it is sealed and proven first.
 * `filed`: displayed, and its object holds the very pixels of the file. `derived`: displayed, and its object holds what was displayed.
 * `cannot`: shown as "cannot be displayed" for the reason named, and cannot be filed. `other`: no picture: shown as what it is, cannot
 * be filed. `any`: where the damage falls decides; what is displayed can be filed and its object holds what was displayed.
 */
export type FileEnd = 'filed' | 'derived' | 'other' | 'any' | `cannot: ${string}`;

export interface HostileFile {
  readonly name: string;
  readonly what: string;
  readonly end: FileEnd;
  /** As it is called on the card. */
  readonly file: string;
  make(samples: Samples, random: FaultRandom): Buffer | Promise<Buffer>;
}

const scenario = (name: string, file: string, what: string, end: FileEnd, make: HostileFile['make']): HostileFile => ({
  name,
  file,
  what,
  end,
  make,
});

const camera = (samples: Samples, random: FaultRandom) => samples.cameras[random.below(samples.cameras.length)]!;

/** Every hostile file of the bench, as a table. docs/reliability-files.md says the same, held by a test. */
export const hostileFiles: readonly HostileFile[] = [
  scenario('bomb-jpeg', 'A.JPG', 'a JPEG that says 65,535 x 65,535', 'cannot: too-large', async (_s, random) =>
    withSize(await freshJpeg(random), 65_535, 65_535),
  ),
  scenario('bomb-png', 'A.PNG', 'a PNG that says 65,535 x 65,535', 'cannot: too-large', (_s, random) =>
    png(65_535, 65_535, 4000 + random.below(1000)),
  ),
  scenario('bomb-png-true', 'A.PNG', 'a PNG of 199 megapixels in 600 kB, all there', 'derived', (_s, random) =>
    pngJustBelow(random),
  ),
  scenario(
    'bomb-png-profile',
    'A.PNG',
    'a PNG whose profile and comment unpack to 300 MB each',
    'derived',
    (_s, random) => pngProfileBomb(random),
  ),
  scenario('bomb-tiff', 'A.TIF', 'a TIFF that says 65,535 x 65,535', 'cannot: too-large', (_s, random) =>
    tiffBomb(random),
  ),
  scenario('bomb-tiff-strip', 'A.TIF', 'a TIFF of 64 x 64 whose strip unpacks to 600 MB', 'derived', (_s, random) =>
    tiffStripBomb(random),
  ),
  scenario('bomb-heic', 'A.HEIC', 'a HEIC that says 65,535 x 65,535', 'cannot: too-large', ({ heic }, random) =>
    Buffer.concat([withSpatialExtent(heic, 65_535, 65_535), salt(random)]),
  ),
  scenario('bomb-avif', 'A.AVIF', 'an AVIF that says 65,535 x 65,535', 'cannot: too-large', ({ avif }, random) =>
    Buffer.concat([withSpatialExtent(avif, 65_535, 65_535), salt(random)]),
  ),
  scenario(
    'jpeg-larger-than-its-data',
    'A.JPG',
    'a JPEG of 160 x 160 that says 9,000 x 9,000',
    'derived',
    async (_s, random) => withSize(await freshJpeg(random), 9000, 9000),
  ),
  scenario('scans-90', 'A.JPG', 'a progressive JPEG of 90 scans', 'derived', (_s, random) => manyScans(random, 80)),
  scenario('scans-5000', 'A.JPG', 'a progressive JPEG of 5,000 scans', 'derived', (_s, random) =>
    manyScans(random, 5000),
  ),
  scenario(
    'scans-large',
    'A.JPG',
    'the same, saying 9,000 x 9,000: hours of work',
    'cannot: too-large',
    async (_s, random) => withSize(await manyScans(random, 5000), 9000, 9000),
  ),

  scenario('jpeg-truncated', 'B.JPG', 'a camera JPEG cut off anywhere', 'any', (s, random) =>
    truncated(camera(s, random), random),
  ),
  scenario('jpeg-bit-flipped', 'B.JPG', 'a camera JPEG with up to 20 bits turned', 'any', (s, random) =>
    bitFlipped(camera(s, random), random),
  ),
  scenario('jpeg-zeroed', 'B.JPG', 'a camera JPEG with a stretch of zeros', 'any', (s, random) =>
    zeroed(camera(s, random), random),
  ),
  scenario('heic-damaged', 'B.HEIC', 'a HEIC cut off, flipped or zeroed anywhere', 'any', (s, random) =>
    damaged(s.heic, random),
  ),
  scenario('cr2-damaged', 'B.CR2', 'a CR2 cut off, flipped or zeroed anywhere', 'any', (s, random) =>
    damaged(s.cr2, random),
  ),
  scenario('nef-damaged', 'B.NEF', 'a NEF cut off, flipped or zeroed anywhere', 'any', (s, random) =>
    damaged(s.nef, random),
  ),
  scenario('dng-damaged', 'B.DNG', 'a DNG cut off, flipped or zeroed anywhere', 'any', (s, random) =>
    damaged(s.dng, random),
  ),
  scenario('png-damaged', 'B.PNG', 'a PNG cut off, flipped or zeroed anywhere', 'any', (s, random) =>
    damaged(s.png, random),
  ),
  scenario('tiff-damaged', 'B.TIF', 'a TIFF cut off, flipped or zeroed anywhere', 'any', (s, random) =>
    damaged(s.tiff, random),
  ),
  scenario('avif-damaged', 'B.AVIF', 'an AVIF cut off, flipped or zeroed anywhere', 'any', (s, random) =>
    damaged(s.avif, random),
  ),
  // Its first bytes stay, so that it is a film to the end; nothing of it is ever parsed.
  scenario('mp4-damaged', 'B.MP4', 'an MP4 cut off, flipped or zeroed behind its first box', 'other', (s, random) =>
    Buffer.concat([s.mp4.subarray(0, 64), damaged(s.mp4.subarray(64), random)]),
  ),

  scenario('exif-loop', 'C.JPG', 'EXIF whose directories all point at the first one', 'filed', (_s, random) =>
    freshJpeg(random, exifLoop()),
  ),
  scenario(
    'exif-huge-counts',
    'C.JPG',
    'EXIF with 65,535 entries of 4 thousand million values',
    'filed',
    (_s, random) => freshJpeg(random, exifHugeCounts(random)),
  ),
  scenario(
    'exif-texts',
    'C.JPG',
    'EXIF texts with control signs, half characters, 50,000 letters',
    'filed',
    (_s, random) => freshJpeg(random, exifTexts(random)),
  ),
  scenario('maker-note', 'C.JPG', 'an Apple maker note of 60 kB that points at itself', 'filed', (_s, random) =>
    freshJpeg(random, makerNoteMonster(random)),
  ),
  scenario('profile-100-mb', 'C.JPG', 'a colour profile of 100 MB in 1,600 segments', 'filed', (_s, random) =>
    hugeProfile(random),
  ),
  scenario(
    'profile-largest',
    'C.JPG',
    'a colour profile of 16.7 MB, as large as a JPEG can hold',
    'filed',
    (_s, random) => largestProfile(random),
  ),

  scenario('jpeg-and-zip', 'D.JPG', 'a JPEG that is a ZIP archive too', 'filed', (_s, random) => jpegAndZip(random)),
  scenario('jpeg-and-html', 'D.JPG', 'a JPEG that is a page with a script too', 'filed', (_s, random) =>
    jpegAndHtml(random),
  ),
  scenario('gif-and-script', 'D.GIF', 'a GIF that is JavaScript too', 'derived', (_s, random) => gifAndScript(random)),
  scenario('multi-picture', 'D.JPG', 'three JPEGs in one (MPF), the index leads outside', 'filed', (_s, random) =>
    multiPicture(random),
  ),
  scenario('motion-photo', 'D.JPG', 'a JPEG with a film behind it', 'filed', ({ mp4 }, random) =>
    motionPhoto(mp4, random),
  ),

  scenario('png-called-jpg', 'E.JPG', 'a PNG called .JPG', 'derived', ({ png: bytes }, random) =>
    Buffer.concat([bytes, salt(random)]),
  ),
  scenario('jpeg-called-mp4', 'E.MP4', 'a JPEG called .MP4', 'filed', (_s, random) => freshJpeg(random)),
  scenario('text-called-jpg', 'E.JPG', 'a text called .JPG', 'other', (_s, random) =>
    Buffer.from(`no picture ${random.next()}`),
  ),
  scenario('mp4-called-heic', 'E.HEIC', 'an MP4 called .HEIC', 'other', ({ mp4 }, random) =>
    Buffer.concat([mp4, salt(random)]),
  ),
  scenario('empty', 'E.JPG', 'no bytes at all', 'other', () => Buffer.alloc(0)),
  scenario('one-byte', 'E.JPG', 'one byte', 'other', (_s, random) => Buffer.of(random.below(256))),
  scenario('all-zeros', 'E.JPG', '60 kB of zeros', 'other', (_s, random) => Buffer.alloc(60_000 + random.below(4096))),
  scenario('all-ones', 'E.JPG', '60 kB of FF, as an empty flash page reads', 'other', (_s, random) =>
    Buffer.alloc(60_000 + random.below(4096), 0xff),
  ),
  scenario('start-of-jpeg-only', 'E.JPG', 'FF D8 FF and then zeros', 'cannot: malformed', (_s, random) =>
    Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), Buffer.alloc(60_000 + random.below(4096))]),
  ),
];

/** Bytes behind the end that make a file new to the station, which knows contents it has seen. */
function salt(random: FaultRandom): Buffer {
  const box = Buffer.from('\0\0\0\x10free\0\0\0\0\0\0\0\0', 'latin1');
  box.writeUInt32BE(random.below(2 ** 31), 8);
  return box;
}

export { makeSamples, type Samples } from './samples.ts';
