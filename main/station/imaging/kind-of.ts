import type { ItemKind } from './item-kind.ts';
import { TiffReader } from './tiff.ts';

/** How many of the first bytes of an item `kindOf` looks at. */
export const KIND_BYTES = 4096;

const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
const MP4_BRANDS =
  /^(isom|iso\d|mp4\d|avc1|M4V |M4VP|M4VH|MSNV|XAVC|dash|mmp4|ndsc|ndsh|ndsm|ndxc|hvc1|3g[a-z0-9]{2})$/u;
/** QuickTime files older than `ftyp` start with one of these atoms. */
const OLD_QUICKTIME = ['moov', 'mdat', 'wide', 'pnot'];

/**
 * What an item is, by the magic bytes at its start and never by its name: phones and cameras lie about names.
 *
 * @param firstBytes up to `KIND_BYTES`; fewer only when the item is smaller
 */
export function kindOf(firstBytes: Uint8Array): ItemKind {
  const bytes = firstBytes.subarray(0, KIND_BYTES);
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  const magic = text(bytes, 0, 4);
  if (magic === 'GIF8' && (text(bytes, 4, 6) === '7a' || text(bytes, 4, 6) === '9a')) return 'gif';
  if (magic === 'RIFF') return riffKind(text(bytes, 8, 12));
  if (text(bytes, 0, 15) === 'FUJIFILMCCD-RAW') return 'raf';
  if (magic === 'IIU\0') return 'rw2';
  if (magic === 'IIRO' || magic === 'IIRS' || magic === 'MMOR') return 'orf';
  if (magic === 'II*\0' || magic === 'MM\0*') return tiffKind(bytes);
  if (magic === 'II+\0' || magic === 'MM\0+') return 'tiff';
  const atom = text(bytes, 4, 8);
  if (atom === 'ftyp') return brandKind(bytes);
  if (OLD_QUICKTIME.includes(atom)) return 'mov';
  return textKind(bytes);
}

function riffKind(form: string): ItemKind {
  if (form === 'WEBP') return 'webp';
  if (form === 'AVI ') return 'avi';
  return form === 'WAVE' ? 'wav' : 'unknown';
}

/** ISO base media files say what they are in their first box: a major brand, then the compatible ones. */
function brandKind(bytes: Uint8Array): ItemKind {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const major = text(bytes, 8, 12);
  const all = [major];
  for (let at = 16; at + 4 <= Math.min(size, bytes.length, 512); at += 4) all.push(text(bytes, at, at + 4));
  if (major === 'crx ') return 'cr3';
  if (major === 'avif' || major === 'avis') return 'avif';
  if (HEIC_BRANDS.includes(major)) return 'heic';
  if (major === 'mif1' || major === 'msf1') {
    return all.includes('avif') || all.includes('avis') ? 'avif' : 'heic';
  }
  if (major === 'qt  ') return 'mov';
  return all.some((brand) => MP4_BRANDS.test(brand)) ? 'mp4' : 'unknown';
}

/** RAW files that are TIFF inside tell themselves by DNGVersion, Canon's mark, or maker and a first directory that is a preview. */
function tiffKind(bytes: Uint8Array): ItemKind {
  if (text(bytes, 8, 10) === 'CR') return 'cr2';
  const tiff = TiffReader.open(bytes);
  const directory = tiff?.directory(tiff.first);
  if (tiff === null || !directory) return 'tiff';
  const { entries } = directory;
  if (entries.has(0xc612)) return 'dng';
  const make = new TextDecoder('latin1').decode(tiff.bytes(entries.get(0x010f))).toUpperCase();
  const [subfile = 0] = tiff.numbers(entries.get(0x00fe));
  const [compression = 0] = tiff.numbers(entries.get(0x0103));
  const isPreview = entries.has(0x014a) && ((subfile & 1) === 1 || compression === 6);
  // Maker software also writes plain TIFF with the maker's name in it: that has its picture in the first directory.
  if (make.startsWith('NIKON') && (isPreview || compression === 34713)) return 'nef';
  if (make.startsWith('SONY') && (isPreview || compression === 32767)) return 'arw';
  return 'tiff';
}

function textKind(bytes: Uint8Array): ItemKind {
  const head = text(bytes, 0, bytes.length);
  if (/^(\u00ef\u00bb\u00bf)?\s*(<\?xpacket|<x:xmpmeta|<\?xml[^>]*>\s*<x:xmpmeta)/u.test(head)) return 'xmp';
  const isPlist = head.startsWith('bplist00') || /^(\u00ef\u00bb\u00bf)?\s*<\?xml[^>]*>\s*<!DOCTYPE plist/u.test(head);
  return isPlist && /adjustment(Format|Data|BaseVersion|EditorBundleID)/u.test(head) ? 'aae' : 'unknown';
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((value, index) => bytes[index] === value);
}

/** Bytes as Latin-1 characters; shorter at the end of the bytes. */
function text(bytes: Uint8Array, start: number, end: number): string {
  let characters = '';
  for (let at = start; at < Math.min(end, bytes.length); at++) characters += String.fromCharCode(bytes[at]!);
  return characters;
}
