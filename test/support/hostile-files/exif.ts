import { buildTiff } from '../../unit/station/imaging/tiff-builder.ts';
import type { FaultRandom } from '../fault-random.ts';

/** An EXIF block whose every directory points back to the first one: as next, as EXIF, as GPS, as sub-directory. */
export function exifLoop(): Buffer {
  const block = buildTiff({
    entries: [
      [0x0112, { short: [1] }],
      [0x014a, { long: [8] }],
      [0x8769, { long: [8] }],
      [0x8825, { long: [8] }],
      [0xa005, { long: [8] }],
    ],
  });
  const count = block.readUInt16LE(8);
  block.writeUInt32LE(8, 10 + count * 12);
  return block;
}

/** A directory that says it has 65,535 entries, each of which says it has 4 thousand million values. */
export function exifHugeCounts(random: FaultRandom): Buffer {
  const block = Buffer.alloc(8 + 2 + 600 * 12);
  block.write('II*\0', 0, 'latin1');
  block.writeUInt32LE(8, 4);
  block.writeUInt16LE(0xffff, 8);
  for (let at = 10; at + 12 <= block.length; at += 12) {
    block.writeUInt16LE([0x0112, 0x8769, 0x9003, 0x829a, 0x0201, random.below(65_536)][random.below(6)]!, at);
    block.writeUInt16LE(1 + random.below(13), at + 2);
    block.writeUInt32LE(0xffffffff - random.below(16), at + 4);
    block.writeUInt32LE(random.below(2) === 0 ? 8 : 0xfffffff0, at + 8);
  }
  return block;
}

/** An Apple maker note as large as a segment holds, itself a directory that points at itself, with identifiers of 60 kB. */
export function makerNoteMonster(random: FaultRandom): Buffer {
  const note = Buffer.alloc(60_000, 0x41 + random.below(26));
  note.write('Apple iOS\0\0\x01II', 0, 'latin1');
  note.writeUInt16LE(2, 14);
  for (const [index, tag] of [0x0011, 0x000b].entries()) {
    const entry = 16 + index * 12;
    note.writeUInt16LE(tag, entry);
    note.writeUInt16LE(2, entry + 2);
    note.writeUInt32LE(59_000, entry + 4);
    note.writeUInt32LE(40, entry + 8);
  }
  note.writeUInt32LE(14, 40);
  return buildTiff({
    entries: [
      [0x010f, { text: 'Apple' }],
      [0x8769, { directories: [{ entries: [[0x927c, { undefined: note }]] }] }],
    ],
  });
}

/** Texts made to break what shows them: control signs, right-to-left marks, half characters, a name of 60,000 letters. */
export function exifTexts(random: FaultRandom): Buffer {
  return buildTiff({
    entries: [
      [0x010f, { text: '\u202egpj.live\u0007\u001b[2J<script>' }],
      [0x0110, { undefined: Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x80, 0xed, 0xa0, 0x80]) }],
      [0x0131, { text: 'x'.repeat(50_000 + random.below(1000)) }],
      [0x8769, { directories: [{ entries: [[0x9003, { text: '9999:99:99 99:99:99' }]] }] }],
    ],
  });
}
