import type { ItemKind } from '../item-kind.ts';
import { TiffReader } from '../tiff.ts';
import { Boxes } from './boxes.ts';
import { type ExifDirectories, openExif, Tags } from './exif.ts';
import { readJpegHead } from './jpeg-head.ts';

const MOST_DIRECTORIES = 64;

/** The picture a RAW file carries for display, and where its metadata are. */
export type RawPreview = { jpeg: Uint8Array | null; directories: ExifDirectories };

/** The largest JPEG that a RAW file declares to hold. It is found by the file's own directories, never by scanning for markers. */
export function findRawPreview(bytes: Uint8Array, kind: ItemKind): RawPreview {
  if (kind === 'raf') return rafPreview(bytes);
  if (kind === 'cr3') return cr3Preview(bytes);
  const jpeg = largest(tiffJpegs(bytes));
  return { jpeg, directories: openExif(bytes) };
}

/** All JPEGs that directories of a TIFF-like file point to: previews by 0x0201, strips of JPEG compression, Panasonic's 0x002e. */
function tiffJpegs(bytes: Uint8Array): Uint8Array[] {
  const reader = TiffReader.open(bytes);
  if (reader === null) return [];
  const found: Uint8Array[] = [];
  const queue = [reader.first];
  const seen = new Set<number>();
  while (queue.length > 0 && seen.size < MOST_DIRECTORIES) {
    const offset = queue.shift()!;
    if (seen.has(offset)) continue;
    seen.add(offset);
    const tags = Tags.at(reader, offset);
    if (tags === null) continue;
    found.push(...directoryJpegs(bytes, tags));
    queue.push(tags.directory.next, ...tags.numbers(0x014a), ...tags.numbers(0x8769, 1));
  }
  return found;
}

function directoryJpegs(bytes: Uint8Array, tags: Tags): Uint8Array[] {
  const slice = (offset: number | undefined, length: number | undefined) =>
    offset === undefined || length === undefined ? bytes.subarray(0, 0) : bytes.subarray(offset, offset + length);
  const strips = tags.numbers(0x0111, 2);
  const isOneStrip = strips.length === 1 && [6, 7].includes(tags.numbers(0x0103, 1)[0] ?? 0);
  return [
    slice(tags.numbers(0x0201, 1)[0], tags.numbers(0x0202, 1)[0]),
    isOneStrip ? slice(strips[0], tags.numbers(0x0117, 1)[0]) : bytes.subarray(0, 0),
    tags.bytes(0x002e),
  ];
}

/** Fujifilm: offset and length of a JPEG with its own EXIF at a fixed place of the header. */
function rafPreview(bytes: Uint8Array): RawPreview {
  if (bytes.length < 92) return { jpeg: null, directories: openExif(null) };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(84);
  const jpeg = largest([bytes.subarray(start, start + view.getUint32(88))]);
  return { jpeg, directories: openExif(jpeg === null ? null : readJpegHead(jpeg)?.exif) };
}

/** Canon CR3: the first track's only sample is the full-size JPEG; IFD0 and the EXIF IFD are TIFF blocks of their own. */
function cr3Preview(bytes: Uint8Array): RawPreview {
  const boxes = new Boxes(bytes);
  const movie = boxes.find(boxes.all(), ['moov']);
  const canon = movie.flatMap((box) => boxes.children(box)).filter(({ type }) => type === 'uuid');
  const parts = canon.flatMap((box) => boxes.children({ ...box, start: box.start + 16 }));
  const block = (type: string) => {
    const part = parts.find((box) => box.type === type);
    return part === undefined ? null : bytes.subarray(part.start, part.end);
  };
  const tables = boxes.find(
    movie.flatMap((box) => boxes.children(box)),
    ['trak', 'mdia', 'minf', 'stbl'],
  );
  return {
    jpeg: largest(tables.map((table) => boxes.firstSample(table))),
    directories: { main: openExif(block('CMT1')).main, exif: openExif(block('CMT2')).main },
  };
}

function largest(candidates: readonly Uint8Array[]): Uint8Array | null {
  let best: { jpeg: Uint8Array; pixels: number } | null = null;
  for (const jpeg of candidates) {
    const head = readJpegHead(jpeg);
    // Lossless JPEG is how RAW data themselves are packed.
    if (head === null || !head.isDct) continue;
    const pixels = head.width * head.height;
    if (best === null || pixels > best.pixels) best = { jpeg, pixels };
  }
  return best?.jpeg ?? null;
}
