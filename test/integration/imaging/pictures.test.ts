import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createImaging, type PreparedRecord } from '../../../main/station/imaging/index.ts';
import { buildTiff, withExif, type Directory } from '../../unit/station/imaging/tiff-builder.ts';
import { convert, cornersJpeg, cornersOf, realPicture, sourceOf, UPRIGHT } from './support.ts';

let imaging: ReturnType<typeof createImaging>;
beforeAll(() => {
  imaging = createImaging({ processes: 2 });
});
afterAll(() => imaging.close());

/** Names of what must never be in a derived picture. */
const METADATA = /Exif|http:|XMP|ICC_PROFILE|SONY|Apple|Canon/u;

async function checkRecord(record: PreparedRecord): Promise<void> {
  expect(record.sha256).toBe(createHash('sha256').update(record.jpeg).digest('hex'));
  expect(record.jpeg.toString('latin1')).not.toMatch(METADATA);
  const { width, height, channels, isProgressive } = await sharp(record.jpeg).metadata();
  expect({ width, height, channels }).toEqual({
    width: record.width,
    height: record.height,
    channels: record.components,
  });
  expect(isProgressive).toBe(false);
  expect(record.compressionRatio).toBeCloseTo((width * height * channels) / record.jpeg.length, 1);
}

describe('real camera pictures', () => {
  it.each([
    ['sony-alpha-6000.jpg', 6000, 4000, '2014-04-18T20:33:53', 'SONY', false],
    ['short-ascii-II.jpg', 4208, 3120, '2015-02-28T17:10:49', 'XIAOMI', true],
    ['test1.jpg', 180, 135, '2013-02-06T16:00:03', 'Apple', true],
    ['evil1.jpg', 640, 480, '2003-05-24T16:40:33', 'Canon', false],
    ['down-mirrored.jpg', 480, 640, null, null, false],
    ['right.jpg', 480, 640, null, null, false],
  ])(
    '%s: size, time, camera, thumbnail, and a record bit for bit',
    async (name, width, height, local, make, hasGps) => {
      const bytes = realPicture(name);
      const inspection = await imaging.inspect(sourceOf(bytes));
      expect(inspection).toMatchObject({ display: 'ok', reason: null, damaged: false, width, height, hasGps });
      // No zone is in these files, so none is known.
      expect(inspection.capturedAt).toMatchObject({ local, offset: null });
      expect(inspection.camera.make).toBe(make);
      const { thumbnail } = inspection;
      expect(thumbnail!.bytes.length).toBeLessThanOrEqual(64 * 1024);
      expect(Math.max(thumbnail!.width, thumbnail!.height)).toBe(Math.min(320, Math.max(width, height)));
      expect(Math.sign(thumbnail!.width - thumbnail!.height)).toBe(Math.sign(width - height));
      const record = await imaging.prepareRecord(sourceOf(bytes));
      await checkRecord(record);
      expect(record).toMatchObject({ width, height, derivation: 'none' });
    },
  );

  it('the camera settings come in their own units', async () => {
    const { exposure, camera, colorSpace } = await imaging.inspect(sourceOf(realPicture('sony-alpha-6000.jpg')));
    expect(exposure).toMatchObject({
      exposureTimeSeconds: 6,
      fNumber: 8,
      iso: 100,
      focalLength: 22,
      focalLengthIn35mm: 33,
      flash: 16,
      meteringMode: 5,
      exposureProgram: 1,
      exposureBias: 0,
      whiteBalance: 0,
      lensSpecification: [16, 50, 3.5, 5.6],
    });
    expect(camera).toMatchObject({ model: 'ILCE-6000', lensModel: 'E PZ 16-50mm F3.5-5.6 OSS' });
    expect(colorSpace).toBe('srgb');
  });

  it('the thumbnail of the camera is there without the whole file', async () => {
    const bytes = realPicture('sony-alpha-6000.jpg');
    let read = 0;
    const quick = await imaging.quickThumbnail({
      ...sourceOf(bytes),
      async *read() {
        for (let at = 0; at < bytes.length; at += 65_536) {
          read += 65_536;
          yield bytes.subarray(at, at + 65_536);
        }
      },
    });
    expect(quick).toMatchObject({ width: 160, height: 120 });
    expect(read).toBeLessThan(500_000);
    expect(await imaging.quickThumbnail(sourceOf(realPicture('right.jpg')))).toBeNull();
  });

  it('a blurred picture has a lower score than the sharp one', async () => {
    const sharpOne = realPicture('sony-alpha-6000.jpg');
    const blurred = await sharp(sharpOne).resize(1500).blur(12).jpeg().toBuffer();
    const [a, b] = await Promise.all([imaging.inspect(sourceOf(sharpOne)), imaging.inspect(sourceOf(blurred))]);
    expect(b.sharpnessScore!).toBeLessThan(a.sharpnessScore! / 10);
  });
});

describe('orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%i: thumbnail, screen and record are upright', async (orientation) => {
    const source = sourceOf(await cornersJpeg(orientation));
    const inspection = await imaging.inspect(source);
    expect(inspection).toMatchObject({ width: 120, height: 80, orientation });
    expect(await cornersOf(inspection.thumbnail!.bytes)).toEqual(UPRIGHT);
    const rendering = await imaging.render(source, 'screen');
    expect([rendering.width, rendering.height]).toEqual([120, 80]);
    expect(await cornersOf(rendering.bytes)).toEqual(UPRIGHT);
    const record = await imaging.prepareRecord(source);
    await checkRecord(record);
    expect(record.derivation).toBe('none');
    expect(await cornersOf(record.jpeg)).toEqual(UPRIGHT);
  });

  it('that cannot be turned without loss is encoded anew, and it is said', async () => {
    const record = await imaging.prepareRecord(sourceOf(await cornersJpeg(6, [124, 86])));
    await checkRecord(record);
    expect(record).toMatchObject({
      width: 124,
      height: 86,
      derivation: { method: 'rotated-reencoded', lossyPrevious: true },
    });
    expect(await cornersOf(record.jpeg)).toEqual(UPRIGHT);
  });
});

describe('HEIC', () => {
  it('is shown and becomes a JPEG once, with its time, and is not turned twice', async () => {
    const exif = buildTiff({
      entries: [
        [0x0112, { short: [6] }],
        [
          0x8769,
          {
            directories: [
              {
                entries: [
                  [0x9003, { text: '2026:03:04 05:06:07' }],
                  [0x9011, { text: '+01:00' }],
                ],
              },
            ],
          },
        ],
      ],
    });
    const jpeg = withExif(stripExif(await cornersJpeg()), exif);
    const heic = convert(
      'heif-enc',
      ['-q', '90', 'in.jpg', '-o', 'out.heic'],
      { name: 'in.jpg', bytes: jpeg },
      'out.heic',
    );
    const inspection = await imaging.inspect(sourceOf(heic));
    expect(inspection).toMatchObject({ display: 'ok', width: 120, height: 80, orientation: 1 });
    expect(inspection.capturedAt).toEqual({
      local: '2026-03-04T05:06:07',
      offset: '+01:00',
      source: 'exif-original-with-offset',
    });
    expect(await cornersOf(inspection.thumbnail!.bytes)).toEqual(UPRIGHT);
    const record = await imaging.prepareRecord(sourceOf(heic));
    await checkRecord(record);
    expect(record).toMatchObject({
      width: 120,
      height: 80,
      derivation: { method: 'heic-to-jpeg', lossyPrevious: true },
    });
    expect(await cornersOf(record.jpeg)).toEqual(UPRIGHT);
  });

  it('that is cut off cannot be displayed', async () => {
    const jpeg = stripExif(await cornersJpeg());
    const heic = convert('heif-enc', ['in.jpg', '-o', 'out.heic'], { name: 'in.jpg', bytes: jpeg }, 'out.heic');
    const half = heic.subarray(0, heic.length / 2);
    expect(await imaging.inspect(sourceOf(half))).toMatchObject({ display: 'cannot', reason: 'malformed' });
    await expect(imaging.prepareRecord(sourceOf(half))).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('RAW', () => {
  const tiny = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#777' } });
  const described = (entries: Directory['entries']): Directory => ({
    entries: [
      [0x010f, { text: 'Canon' }],
      [0x0112, { short: [8] }],
      [0x8769, { directories: [{ entries: [[0x9003, { text: '2026:03:04 05:06:07' }]] }] }],
      ...entries,
    ],
  });

  it('DNG shows the largest JPEG it holds, upright, and never its 8 x 8 thumbnail', async () => {
    const small = await tiny().jpeg().toBuffer();
    const preview = await cornersJpeg(8, [480, 320]);
    const dng = buildTiff(
      described([
        [0xc612, { undefined: Uint8Array.of(1, 4, 0, 0) }],
        [0x00fe, { long: [1] }],
        [0x0100, { long: [8] }],
        [0x0101, { long: [8] }],
        [0x0102, { short: [8, 8, 8] }],
        [0x0103, { short: [1] }],
        [0x0106, { short: [2] }],
        [0x0111, { blob: await tiny().raw().toBuffer() }],
        [0x0115, { short: [3] }],
        [0x0117, { long: [192] }],
        [
          0x014a,
          {
            directories: [
              {
                entries: [
                  [0x0103, { short: [7] }],
                  [0x0111, { blob: small }],
                  [0x0117, { long: [small.length] }],
                ],
              },
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
    );
    const source = sourceOf(dng);
    expect(source.kind).toBe('dng');
    const inspection = await imaging.inspect(source);
    expect(inspection).toMatchObject({ display: 'ok', width: 480, height: 320, orientation: 8 });
    expect(inspection.capturedAt.local).toBe('2026-03-04T05:06:07');
    expect(await cornersOf(inspection.thumbnail!.bytes)).toEqual(UPRIGHT);
    const record = await imaging.prepareRecord(source);
    await checkRecord(record);
    expect(record).toMatchObject({
      width: 480,
      height: 320,
      derivation: { method: 'raw-preview', lossyPrevious: true },
    });
    expect(await cornersOf(record.jpeg)).toEqual(UPRIGHT);
  });

  it('CR2 and RW2 show theirs', async () => {
    const preview = await cornersJpeg(8, [320, 160]);
    const cr2 = buildTiff(
      described([
        [0x0103, { short: [6] }],
        [0x0111, { blob: preview }],
        [0x0117, { long: [preview.length] }],
      ]),
      42,
      Buffer.from([0x43, 0x52, 2, 0, 0, 0, 0, 0]),
    );
    const rw2 = buildTiff(described([[0x002e, { undefined: preview }]]), 0x55);
    for (const [kind, bytes] of [
      ['cr2', cr2],
      ['rw2', rw2],
    ] as const) {
      const source = sourceOf(bytes);
      expect(source.kind).toBe(kind);
      const inspection = await imaging.inspect(source);
      expect(inspection).toMatchObject({ display: 'ok', width: 320, height: 160 });
      expect(inspection.camera.make).toBe('Canon');
      expect(await cornersOf(inspection.thumbnail!.bytes)).toEqual(UPRIGHT);
    }
  });

  it('without a preview cannot be displayed, but its time is known', async () => {
    const dng = buildTiff(described([[0xc612, { undefined: Uint8Array.of(1, 4, 0, 0) }]]));
    const inspection = await imaging.inspect(sourceOf(dng));
    expect(inspection).toMatchObject({ display: 'cannot', reason: 'no-preview', thumbnail: null });
    expect(inspection.capturedAt.local).toBe('2026-03-04T05:06:07');
    await expect(imaging.render(sourceOf(dng), 'screen')).rejects.toMatchObject({ code: 'no-preview' });
  });

  it('of an unknown maker is not shown as the tiny picture in front', async () => {
    const raw = buildTiff(
      described([
        [0x00fe, { long: [1] }],
        [0x0100, { long: [8] }],
        [0x0101, { long: [8] }],
      ]),
    );
    expect(sourceOf(raw).kind).toBe('tiff');
    expect(await imaging.inspect(sourceOf(raw))).toMatchObject({ display: 'cannot', reason: 'no-preview' });
  });
});

describe('other stills', () => {
  it.each(['png', 'tiff', 'webp', 'gif', 'avif'] as const)(
    '%s is shown, and transcoded for the record',
    async (format) => {
      const bytes = await sharp(stripExif(await cornersJpeg()))
        .toFormat(format)
        .toBuffer();
      const source = sourceOf(bytes);
      expect(source.kind).toBe(format);
      const inspection = await imaging.inspect(source);
      expect(inspection).toMatchObject({ display: 'ok', width: 120, height: 80 });
      const record = await imaging.prepareRecord(source);
      await checkRecord(record);
      expect(record.derivation).toMatchObject({ method: 'transcoded-to-jpeg' });
      expect(await cornersOf(record.jpeg)).toEqual(UPRIGHT);
    },
  );

  it('videos, sidecars and unknown files are never given to a decoder', async () => {
    for (const kind of ['mov', 'mp4', 'xmp', 'aae', 'wav', 'unknown'] as const) {
      const source = {
        kind,
        size: 10,
        read: () => {
          throw new Error('must not be read');
        },
      };
      expect(await imaging.inspect(source)).toMatchObject({ display: 'cannot', reason: 'unsupported' });
    }
  });
});

describe('colour', () => {
  it('wide-gamut values go to the archive as they are with their profile, and to the screen as sRGB', async () => {
    const p3 = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#ff0000' } })
      .withIccProfile('p3')
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const firstPixel = async (jpeg: Uint8Array) => [
      ...(await sharp(jpeg, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3),
    ];
    const stored = await firstPixel(p3);
    const record = await imaging.prepareRecord(sourceOf(p3));
    expect(record.iccProfile!.length).toBeGreaterThan(128);
    expect(await firstPixel(record.jpeg)).toEqual(stored);
    const progressivePng = await sharp(p3, { ignoreIcc: true }).png().withIccProfile('p3', { attach: true }).toBuffer();
    expect((await imaging.prepareRecord(sourceOf(progressivePng))).iccProfile).not.toBeNull();
    const [red = 0, green = 99] = await firstPixel((await imaging.render(sourceOf(p3), 'full')).bytes);
    expect(red).toBeGreaterThan(250);
    expect(green).toBeLessThan(8);
    expect(stored[0]).toBeLessThan(240);
  });

  it('CMYK becomes RGB', async () => {
    const cmyk = await sharp(stripExif(await cornersJpeg()))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    const record = await imaging.prepareRecord(sourceOf(cmyk));
    await checkRecord(record);
    expect(record).toMatchObject({ components: 3, colorSpace: 'srgb', iccProfile: null });
    expect(record.derivation).toMatchObject({ method: 'transcoded-to-jpeg' });
  });
});

/** The JPEG without its first segment. */
function stripExif(jpeg: Buffer): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), jpeg.subarray(4 + jpeg.readUInt16BE(4))]);
}
