import { InspectionSchema } from '../../../main/station/imaging/answers.ts';
import { exifThumbnail, metadataOf, openExif } from '../../../main/station/imaging/child/exif.ts';
import { iccColorSpace } from '../../../main/station/imaging/child/icc-color-space.ts';
import { isIccProfile } from '../../../main/station/imaging/child/is-icc-profile.ts';
import { readJpegHead } from '../../../main/station/imaging/child/jpeg-head.ts';
import { findRawPreview } from '../../../main/station/imaging/child/raw-preview.ts';
import { ITEM_KINDS, KIND_BYTES, kindOf } from '../../../main/station/imaging/index.ts';
import { NOTHING_KNOWN } from '../../../main/station/imaging/nothing-known.ts';
import { faultRandom } from '../../support/fault-random.ts';
import { exifHugeCounts, exifLoop, exifTexts } from '../../support/hostile-files/exif.ts';
import { makeJpeg } from '../../unit/station/imaging/jpeg/jpeg-tools.ts';
import { buildTiff, withExif, type Directory } from '../../unit/station/imaging/tiff-builder.ts';
import { check, isWithin, type FuzzTarget } from '../target.ts';

const small = () => makeJpeg(16, 16, '-grayscale', '-optimize');
const camera = (entries: Directory['entries'] = []): Directory => ({
  entries: [
    [0x010f, { text: 'Canon' }],
    [0x0112, { short: [6] }],
    [
      0x8769,
      {
        directories: [
          {
            entries: [
              [0x9003, { text: '2026:03:04 05:06:07' }],
              [0x829a, { rational: [[1, 60]] }],
              [
                0xa432,
                {
                  rational: [
                    [16, 1],
                    [50, 1],
                    [7, 2],
                    [28, 5],
                  ],
                },
              ],
            ],
          },
        ],
      },
    ],
    ...entries,
  ],
});
const box = (type: string, ...content: Uint8Array[]) => {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
};

/** The magic router: any bytes have one of the kinds, told by the first of them alone. */
export const kind: FuzzTarget = {
  name: 'kind',
  covers: ['/imaging/kind-of.ts', '/imaging/tiff.ts'],
  seeds: () => [
    buildTiff(camera([[0xc612, { long: [1] }]])),
    Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
    Buffer.from('<?xml version="1.0"?><!DOCTYPE plist><key>adjustmentData</key>'),
  ],
  dictionary: [
    'II*\0',
    'MM\0*',
    'ftyp',
    'heic',
    'avif',
    'mif1',
    'crx ',
    'qt  ',
    'isom',
    'RIFF',
    'WEBP',
    'AVI ',
    'WAVE',
    'FUJIFILMCCD-RAW',
    'NIKON',
    'SONY',
    'CR',
    'GIF89a',
    '\x89PNG\r\n\x1a\n',
    '<x:xmpmeta',
    '<?xpacket',
    'bplist00',
    'adjustmentFormat',
  ],
  run(bytes) {
    const found = kindOf(bytes);
    check(ITEM_KINDS.includes(found), 'the kind is one of ours');
    check(
      kindOf(
        Buffer.concat([bytes.subarray(0, KIND_BYTES), Buffer.alloc(KIND_BYTES)]).subarray(
          0,
          Math.min(bytes.length, KIND_BYTES),
        ),
      ) === found,
      'the first bytes alone decide',
    );
  },
};

/** EXIF, maker notes, JPEG heads and profiles: what is said of them always has the shape that the station believes. */
export const exif: FuzzTarget = {
  name: 'exif',
  covers: [
    '/imaging/tiff.ts',
    '/child/exif.ts',
    '/child/apple-ids.ts',
    '/child/captured-at.ts',
    '/child/clean-text.ts',
    '/child/jpeg-head.ts',
    '/child/icc-color-space.ts',
    '/child/is-icc-profile.ts',
  ],
  seeds: () => {
    const random = faultRandom(1);
    const blocks = [
      buildTiff(camera([[0x8825, { directories: [{ entries: [[1, { text: 'N' }]] }] }]])),
      exifLoop(),
      exifHugeCounts(random).subarray(0, 600),
      exifTexts(random).subarray(0, 600),
    ];
    return [...blocks, ...blocks.map((block) => withExif(small(), block))];
  },
  dictionary: [
    'II*\0\x08\0\0\0',
    'MM\0*\0\0\0\x08',
    'Exif\0\0',
    'ICC_PROFILE\0\x01\x01',
    'acsp',
    'desc',
    'sRGB',
    'Adobe RGB',
    'Apple iOS\0\0\x01II',
    '2026:03:04 05:06:07',
    '+01:00',
    '\x69\x87',
    '\x87\x69',
    '\x12\x01\x03\0',
    '\x7c\x92\x07\0',
    '\x11\0\x02\0',
  ],
  run(bytes) {
    const head = readJpegHead(bytes);
    for (const block of [bytes, head?.exif]) {
      const directories = openExif(block);
      const metadata = metadataOf(directories, iccColorSpace(head?.icc ?? null));
      const answer = JSON.parse(JSON.stringify({ ...NOTHING_KNOWN, ...metadata })) as unknown;
      const parsed = InspectionSchema.safeParse(answer);
      check(
        parsed.success,
        `what is said of a picture is believed: ${parsed.error?.issues.map(({ path }) => path.join('.')).join()}`,
      );
      const thumbnail = block ? exifThumbnail(directories, block) : null;
      if (thumbnail) check(isWithin(thumbnail, bytes), 'a thumbnail lies within the bytes');
    }
    if (head) check(head.exif === null || isWithin(head.exif, bytes), 'EXIF lies within the bytes');
    iccColorSpace(bytes);
    isIccProfile(bytes);
  },
};

/** Previews in RAW files, by TIFF directories and by boxes: always a part of the file that begins as a JPEG. */
export const raw: FuzzTarget = {
  name: 'raw',
  covers: ['/child/raw-preview.ts', '/child/boxes.ts', '/imaging/tiff.ts', '/child/jpeg-head.ts'],
  seeds: () => {
    const preview = small();
    const raf = Buffer.alloc(92);
    raf.write('FUJIFILMCCD-RAW ', 0, 'latin1');
    raf.writeUInt32BE(92, 84);
    raf.writeUInt32BE(preview.length, 88);
    const number = (value: number) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    };
    const table = box(
      'stbl',
      box('stsz', Buffer.alloc(4), number(preview.length), number(1)),
      box('stco', Buffer.alloc(4), number(1), number(8)),
    );
    const movie = box(
      'moov',
      box('uuid', Buffer.alloc(16), box('CMT1', buildTiff(camera()))),
      box('trak', box('mdia', box('minf', table))),
    );
    return [
      buildTiff(
        camera([
          [0x0103, { short: [6] }],
          [0x0111, { blob: preview }],
          [0x0117, { long: [preview.length] }],
        ]),
      ),
      buildTiff(
        camera([
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
      buildTiff(camera([[0x002e, { undefined: preview }]]), 0x55),
      Buffer.concat([raf, preview]),
      Buffer.concat([box('mdat', preview), movie]),
    ];
  },
  dictionary: [
    'moov',
    'trak',
    'mdia',
    'minf',
    'stbl',
    'stsz',
    'stco',
    'co64',
    'uuid',
    'CMT1',
    'CMT2',
    '\0\0\0\x01',
    '\xff\xd8\xff',
    '\xff\xc0\0\x0b\x08',
    'II*\0',
    'MM\0*',
  ],
  run(bytes) {
    for (const one of ['raf', 'cr3', 'dng'] as const) {
      const { jpeg } = findRawPreview(bytes, one);
      if (jpeg === null) continue;
      check(isWithin(jpeg, bytes), 'a preview lies within the file');
      check(jpeg[0] === 0xff && jpeg[1] === 0xd8, 'a preview begins as a JPEG');
    }
  },
};
