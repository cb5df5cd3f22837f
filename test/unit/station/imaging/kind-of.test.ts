import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ITEM_KINDS, kindOf, type ItemKind } from '../../../../main/station/imaging/index.ts';
import { buildTiff, type Directory } from './tiff-builder.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');

function brand(major: string, ...compatible: string[]): Buffer {
  const box = latin(`\0\0\0\0ftyp${major}\0\0\0\0${compatible.join('')}`);
  box.writeUInt32BE(box.length, 0);
  return box;
}

function maker(make: string, entries: Directory['entries'] = []): Buffer {
  return buildTiff({ entries: [[0x010f, { text: make }], ...entries] });
}

const PREVIEW: Directory['entries'] = [
  [0x00fe, { long: [1] }],
  [0x014a, { long: [4000] }],
];

const KNOWN: [name: string, bytes: Buffer, kind: ItemKind][] = [
  ['JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe1]), 'jpeg'],
  ['PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'png'],
  ['GIF', latin('GIF89a'), 'gif'],
  ['WebP', latin('RIFF\0\0\0\0WEBPVP8 '), 'webp'],
  ['AVI', latin('RIFF\0\0\0\0AVI LIST'), 'avi'],
  ['WAV', latin('RIFF\0\0\0\0WAVEfmt '), 'wav'],
  ['iPhone HEIC', brand('heic', 'mif1', 'MiHE', 'heic'), 'heic'],
  ['HEIF with the general brand', brand('mif1', 'mif1', 'heic'), 'heic'],
  ['AVIF with the general brand', brand('mif1', 'avif', 'miaf'), 'avif'],
  ['AVIF', brand('avif', 'mif1'), 'avif'],
  ['Canon CR3', brand('crx ', 'crx ', 'isom'), 'cr3'],
  ['QuickTime', brand('qt  ', 'qt  '), 'mov'],
  ['QuickTime without ftyp', latin('\0\0\0\x08wide\0\0\0\0mdat'), 'mov'],
  ['MP4', brand('mp42', 'isom'), 'mp4'],
  ['Sony XAVC', brand('XAVC', 'mp42'), 'mp4'],
  ['MP4 of an unknown major brand', brand('abcd', 'isom'), 'mp4'],
  ['something else in boxes', brand('jp2 ', 'jp2 '), 'unknown'],
  ['TIFF', maker('Canon'), 'tiff'],
  ['big-endian TIFF', latin('MM\0*\0\0\0\x08'), 'tiff'],
  ['CR2', buildTiff({ entries: [[0x010f, { text: 'Canon' }]] }, 42, latin('CR\x02\0')), 'cr2'],
  ['DNG', maker('Apple', [[0xc612, { undefined: Buffer.from([1, 4, 0, 0]) }]]), 'dng'],
  ['NEF', maker('NIKON CORPORATION', PREVIEW), 'nef'],
  ['TIFF written by Nikon software', maker('NIKON CORPORATION', [[0x00fe, { long: [0] }]]), 'tiff'],
  ['ARW', maker('SONY', PREVIEW), 'arw'],
  ['RAF', latin('FUJIFILMCCD-RAW 0201'), 'raf'],
  ['RW2', latin('IIU\0\x18\0\0\0'), 'rw2'],
  ['ORF', latin('IIRO\x08\0\0\0'), 'orf'],
  ['XMP', latin('<?xpacket begin="" id=""?><x:xmpmeta/>'), 'xmp'],
  ['XMP of an editor', latin('<?xml version="1.0"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'), 'xmp'],
  [
    'AAE',
    latin('<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "x">\n<plist><key>adjustmentFormatVersion</key>'),
    'aae',
  ],
  ['another plist', latin('<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "x">\n<plist><key>Name</key>'), 'unknown'],
  ['binary AAE', latin('bplist00\xd5adjustmentFormatIdentifier'), 'aae'],
  ['nothing', Buffer.alloc(0), 'unknown'],
  ['text', latin('JFIF\xff\xd8\xff'), 'unknown'],
];

describe('kindOf', () => {
  it.each(KNOWN)('knows %s', (_name, bytes, kind) => {
    expect(kindOf(bytes)).toBe(kind);
  });

  it('names a kind for any bytes, also broken ones of every format, and never throws', () => {
    const starts = KNOWN.map(([, bytes]) => bytes);
    const broken = fc
      .tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 400 }), fc.nat(400))
      .map(([start, noise, cut]) => Buffer.concat([start.subarray(0, cut), noise]));
    fc.assert(fc.property(fc.oneof(broken, fc.uint8Array()), (bytes) => ITEM_KINDS.includes(kindOf(bytes))));
  });

  it('looks only at the bytes it was given', () => {
    const file = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from([0xff])]);
    expect(kindOf(file.subarray(0, 2))).toBe('unknown');
  });
});
