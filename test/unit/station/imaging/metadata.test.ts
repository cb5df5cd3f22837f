import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { capturedAtOf } from '../../../../main/station/imaging/child/captured-at.ts';
import { cleanText } from '../../../../main/station/imaging/child/clean-text.ts';
import { metadataOf, openExif } from '../../../../main/station/imaging/child/exif.ts';
import { readJpegHead } from '../../../../main/station/imaging/child/jpeg-head.ts';
import { findRawPreview } from '../../../../main/station/imaging/child/raw-preview.ts';
import { RAW_KINDS } from '../../../../main/station/imaging/index.ts';
import { buildTiff } from './tiff-builder.ts';

const NONE = { time: null, subSeconds: null, offset: null };

describe('capturedAtOf', () => {
  it.each([
    ['2024:05:06 07:08:09', null, null, '2024-05-06T07:08:09', null, 'exif-original'],
    ['2024:05:06 07:08:09', '12', '+01:00', '2024-05-06T07:08:09.120', '+01:00', 'exif-original-with-offset'],
    ['2024:05:06 07:08:09', 'x', '   :  ', '2024-05-06T07:08:09', null, 'exif-original'],
    ['2024:05:06 07:08:09', null, '+15:00', '2024-05-06T07:08:09', null, 'exif-original'],
    ['2024:05:06 07:08:09', null, '-12:30', '2024-05-06T07:08:09', null, 'exif-original'],
    ['0000:00:00 00:00:00', null, '+01:00', null, null, 'none'],
    ['2024:02:31 07:08:09', null, null, null, null, 'none'],
    ['2024:05:06 24:08:09', null, null, null, null, 'none'],
    ['    :  :     :  :  ', null, null, null, null, 'none'],
  ])('%s %s %s', (time, subSeconds, offset, local, zone, source) => {
    expect(capturedAtOf({ time, subSeconds, offset }, NONE)).toEqual({ local, offset: zone, source });
  });

  it('takes the time of digitizing when there is no other, with its own zone and never with the other one', () => {
    const digitized = { time: '2024:05:06 07:08:09', subSeconds: null, offset: null };
    expect(capturedAtOf({ time: null, subSeconds: '5', offset: '+09:00' }, digitized)).toEqual({
      local: '2024-05-06T07:08:09',
      offset: null,
      source: 'exif-digitized',
    });
  });
});

describe('cleanText', () => {
  it('takes out what could hide or mislead, and keeps other alphabets', () => {
    expect(cleanText(Buffer.from(' NIKON \u001b[31m\u202eX\u0000rest'))).toBe('NIKON [31m X');
    expect(cleanText(Buffer.from('Ка\u0301мера 写真'))).toBe('Ка\u0301мера 写真');
    expect(cleanText(Buffer.from([0x4d, 0xfc, 0x6c]))).toBe('Mül');
    expect(cleanText(Buffer.from('  \0'))).toBeNull();
  });

  it('never gives more than 64 characters, nor a control character', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = cleanText(bytes) ?? 'x';
        expect([...text].length).toBeLessThanOrEqual(64);
        expect(text).not.toMatch(/\p{C}/u);
      }),
    );
  });
});

describe('metadataOf', () => {
  const exif = buildTiff({
    entries: [
      [0x010f, { text: 'Canon' }],
      [0x0112, { short: [6] }],
      [0x013b, { text: 'Jane Artist' }],
      [
        0x8769,
        {
          directories: [
            {
              entries: [
                [0x829a, { rational: [[1, 125]] }],
                [0x829d, { rational: [[1, 0]] }],
                [0x8827, { short: [400] }],
                [0xa001, { short: [65535] }],
                [0xa005, { directories: [{ entries: [[0x0001, { text: 'R03' }]] }] }],
                [0xa430, { text: 'Jane Owner' }],
                [0xa431, { text: '012345' }],
                [0x9286, { undefined: Buffer.from('ASCII\0\0\0Jane Patient') }],
                [
                  0xa432,
                  {
                    rational: [
                      [16, 1],
                      [50, 1],
                      [35, 10],
                      [0, 0],
                    ],
                  },
                ],
              ],
            },
          ],
        },
      ],
      [
        0x8825,
        {
          directories: [
            {
              entries: [
                [
                  0x0002,
                  {
                    rational: [
                      [48, 1],
                      [7, 1],
                      [33, 1],
                    ],
                  },
                ],
              ],
            },
          ],
        },
      ],
    ],
  });

  it('reads camera, exposure and orientation; a number divided by zero is unknown', () => {
    const { camera, exposure, orientation, colorSpace } = metadataOf(openExif(exif), null);
    expect(camera).toMatchObject({ make: 'Canon', serial: '012345', model: null });
    expect(exposure).toMatchObject({ exposureTimeSeconds: 1 / 125, fNumber: null, iso: 400 });
    expect(exposure.lensSpecification).toEqual([16, 50, 3.5, null]);
    expect({ orientation, colorSpace }).toEqual({ orientation: 6, colorSpace: 'adobe-rgb' });
  });

  it('says only that there is a position; owner, artist and comment stay inside', () => {
    const metadata = metadataOf(openExif(exif), null);
    expect(metadata.hasGps).toBe(true);
    expect(JSON.stringify(metadata)).not.toMatch(/Jane|Owner|Patient|48|33/u);
  });

  it('reads anything without throwing, and only finite numbers come out', () => {
    const damage = fc.array(fc.tuple(fc.nat(exif.length - 1), fc.nat(255)), { maxLength: 30 });
    fc.assert(
      fc.property(damage, (changes) => {
        const broken = Buffer.from(exif);
        for (const [at, value] of changes) broken[at] = value;
        const metadata = metadataOf(openExif(broken), null);
        expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata);
      }),
    );
  });
});

describe('what hostile bytes can do to the readers of headers and previews', () => {
  it('nothing: no throw, no byte from outside', () => {
    const starts = [
      Buffer.from([0xff, 0xd8, 0xff, 0xe2]),
      Buffer.from('II*\0\x08\0\0\0'),
      Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
      Buffer.from('\0\0\0\x18ftypcrx \0\0\0\x01crx isom\0\0\0\x40moov\0\0\0\x38trak', 'latin1'),
    ];
    const bytes = fc
      .tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }))
      .map(([start, noise]) => Buffer.concat([start, noise]));
    fc.assert(
      fc.property(bytes, fc.constantFrom(...RAW_KINDS), (file, kind) => {
        readJpegHead(file);
        const { jpeg } = findRawPreview(file, kind);
        expect(jpeg?.length ?? 0).toBeLessThanOrEqual(file.length);
      }),
    );
  });

  it('ends when directories point at each other', () => {
    const loop = buildTiff({ entries: [[0x0112, { short: [1] }]] });
    loop.writeUInt32LE(loop.readUInt32LE(4), loop.readUInt32LE(4) + 14);
    expect(findRawPreview(loop, 'dng').jpeg).toBeNull();
  });
});
