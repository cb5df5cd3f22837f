import { pixelStreamOf, pixelStreamOfDataset } from '../../../main/station/archive/dicom/pixel-stream.ts';
import { readPart10 } from '../../../main/station/archive/dicom/read-part10.ts';
import { samePixelStream } from '../../../main/station/archive/dicom/same-pixel-stream.ts';
import { decodeCommand, encodeCommand, COMMAND } from '../../../main/station/archive/dimse/command.ts';
import {
  encodeElements,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  readElements,
  type ElementSet,
} from '../../../main/station/archive/dimse/elements.ts';
import { createPduGuard } from '../../../main/station/archive/dimse/network.ts';
import { readEntry } from '../../../main/station/worklist/query/read-entry.ts';
import { check, unlessRefused, type FuzzTarget } from '../target.ts';

const BASELINE = '1.2.840.10008.1.2.4.50';
const element = (tag: number, vr: string, value: Uint8Array, length = value.length) => {
  const long = ['OB', 'SQ', 'UN'].includes(vr);
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, 'latin1');
  if (long) head.writeUInt32LE(length, 8);
  else head.writeUInt16LE(length, 6);
  return Buffer.concat([head, value]);
};
const fragment = (tag: number, value: Uint8Array, length = value.length) => {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(0xfffe, 0);
  head.writeUInt16LE(tag, 2);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, value]);
};
const UNDEFINED = 0xffffffff;
const nothing = Buffer.alloc(0);
const frames = Buffer.concat([
  fragment(0xe000, Buffer.from([0, 0, 0, 0, 12, 0, 0, 0])),
  fragment(0xe000, Buffer.from('\xff\xd8\xff\xd9', 'latin1')),
  fragment(0xe000, Buffer.from('\xff\xd8\xff\xd9', 'latin1')),
  fragment(0xe0dd, nothing),
]);
const sequence = Buffer.concat([
  fragment(0xe000, element(0x00080100, 'SH', Buffer.from('ab')), UNDEFINED),
  fragment(0xe00d, nothing),
  fragment(0xe0dd, nothing),
]);
const dataset = Buffer.concat([
  element(0x00080005, 'CS', Buffer.from('ISO_IR 192')),
  element(0x00082228, 'SQ', sequence, UNDEFINED),
  element(0x00100010, 'PN', Buffer.from('A^B ')),
  element(0x7fe00010, 'OB', frames, UNDEFINED),
]);
const meta = [
  element(0x00020002, 'UI', Buffer.from('1.2.840.10008.5.1.4.1.1.77.1.4\0\0')),
  element(0x00020003, 'UI', Buffer.from('1.2.3\0')),
  element(0x00020010, 'UI', Buffer.from(BASELINE)),
];
const length = Buffer.alloc(4);
length.writeUInt32LE(Buffer.concat(meta).length);
const file = Buffer.concat([
  Buffer.alloc(128),
  Buffer.from('DICM'),
  element(0x00020000, 'UL', length),
  ...meta,
  dataset,
]);

const DICTIONARY = [
  'DICM',
  '\xfe\xff\x00\xe0',
  '\xfe\xff\x0d\xe0',
  '\xfe\xff\xdd\xe0',
  '\xff\xff\xff\xff',
  '\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff',
  'SQ\0\0',
  'UN\0\0\xff\xff\xff\xff',
  'OB\0\0',
  'PN',
  'UI',
  'CS',
  '\x08\x00\x05\x00',
  '1.2.840.10008.1.2.4.50',
  'ISO_IR 100',
  '\\ISO 2022 IR 87',
  '\x1b$B',
];

/** Part 10 files and data sets that came back from an archive: a pixel stream of theirs, or our own error. */
export const pixels: FuzzTarget = {
  name: 'dicom-pixels',
  covers: ['/dicom/byte-cursor.ts', '/dicom/pixel-stream.ts', '/dicom/read-part10.ts'],
  seeds: () => [file, dataset],
  dictionary: DICTIONARY,
  run(bytes) {
    const codes = ['dicom-parse'];
    const header = unlessRefused(codes, () => readPart10(bytes));
    if (header)
      check(header.datasetOffset >= 132 && header.datasetOffset <= bytes.length, 'the data set begins within the file');
    for (const read of [() => pixelStreamOf(bytes), () => pixelStreamOfDataset(bytes, BASELINE)]) {
      const stream = unlessRefused(codes, read);
      if (!stream) continue;
      check(stream.bytes.length <= bytes.length, 'a stream is no longer than its file');
      if (stream.bytes.length > 0)
        check(samePixelStream(stream.bytes, stream.bytes.length, stream.sha256), 'a stream is the same as itself');
      check(
        !samePixelStream(Buffer.concat([stream.bytes, Buffer.of(1)]), stream.bytes.length, stream.sha256),
        'a stream with one byte more is another',
      );
    }
  },
};

/** Data sets of answers, queries and commitment reports: all of it can be walked, and nothing reaches outside. */
export const elements: FuzzTarget = {
  name: 'dimse-elements',
  covers: [
    '/dimse/elements.ts',
    '/worklist/query/read-entry.ts',
    '/worklist/query/character-set.ts',
    '/worklist/query/person-name.ts',
  ],
  seeds: () => {
    const entry = [
      [0x00080005, 'CS', 'ISO_IR 192'],
      [0x00080050, 'SH', 'A1'],
      [0x00100010, 'PN', 'Yamada^Tarou=\u5c71\u7530^\u592a\u90ce'],
      [0x00100020, 'LO', 'P1'],
      [0x0020000d, 'UI', '1.2.3'],
      [
        0x00321064,
        'SQ',
        [
          [
            [0x00080100, 'SH', 'C1'],
            [0x00080102, 'SH', '99X'],
          ],
        ],
      ],
      [
        0x00400100,
        'SQ',
        [
          [
            [0x00400001, 'AE', 'PD'],
            [0x00400002, 'DA', '20260304'],
            [0x00400003, 'TM', '0506'],
            [0x00400009, 'SH', 'S1'],
          ],
        ],
      ],
    ] as const;
    return [
      dataset.subarray(0, -frames.length - 12),
      encodeElements(entry, EXPLICIT_LITTLE_ENDIAN),
      encodeElements(entry, IMPLICIT_LITTLE_ENDIAN),
    ];
  },
  dictionary: DICTIONARY,
  run(bytes) {
    for (const syntax of [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN]) {
      const set = unlessRefused(['malformed-dataset'], () => readElements(bytes, syntax));
      if (set) unlessRefused(['malformed-dataset'], () => walk(set, 0));
      const read = readEntry(bytes, syntax);
      check('entry' in read || typeof read.skipped === 'string', 'an entry is read or skipped');
      if ('entry' in read) JSON.stringify(read.entry);
    }
  },
};

const TAGS = [0x00080005, 0x00082228, 0x00100010, 0x00321064, 0x00400100, 0x00081199, 0x00081198, 0x00080100];

function walk(set: ElementSet, depth: number): void {
  check(depth < 20, 'items are not nested without end');
  for (const tag of TAGS) {
    set.ascii(tag);
    set.uint16(tag);
    for (const item of unlessRefused(['malformed-dataset'], () => set.items(tag)) ?? []) walk(item, depth + 1);
  }
}

/** Command sets, and the watch over PDU lengths: what is read and written again is read alike, and where the pieces are cut plays no part. */
export const commands: FuzzTarget = {
  name: 'dimse-commands',
  covers: ['/dimse/command.ts', '/dimse/network.ts'],
  seeds: () => [
    encodeCommand({
      field: COMMAND.store | 0x8000,
      respondedToMessageId: 1,
      status: 0,
      affectedSopClassUid: '1.2',
      affectedSopInstanceUid: '1.2.3',
    }),
    encodeCommand({
      field: COMMAND.move | 0x8000,
      respondedToMessageId: 2,
      status: 0xff00,
      remaining: 1,
      completed: 2,
      failed: 3,
      warning: 4,
      hasDataset: true,
    }),
    Buffer.from([4, 0, 0, 0, 0, 12, 0, 0, 0, 8, 1, 3, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 4, 0, 0, 0, 0]),
  ],
  dictionary: [
    '\0\0\0\0\x04\0\0\0',
    '\0\0\0\x01\x02\0\0\0',
    '\0\0\0\x08\x02\0\0\0',
    '\0\0\0\x09\x02\0\0\0',
    '\x01\x01',
    '\xff\xff\xff\xff',
  ],
  run(bytes) {
    const command = unlessRefused(['malformed-dataset'], () => decodeCommand(bytes));
    if (command)
      check(
        JSON.stringify(sorted(decodeCommand(encodeCommand(command)))) === JSON.stringify(sorted(command)),
        'a command is read as it was written',
      );
    const whole = createPduGuard(() => 1000)(bytes);
    const guard = createPduGuard(() => 1000);
    const cut = (bytes[0] ?? 0) + 1;
    let isAllowed = true;
    for (let at = 0; at < bytes.length && isAllowed; at += cut) isAllowed = guard(bytes.subarray(at, at + cut));
    check(whole === isAllowed, 'a PDU is too long wherever its pieces are cut');
  },
};

const sorted = (value: object) => Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
