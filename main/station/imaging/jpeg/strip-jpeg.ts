import { isAdobe, isJfif } from './application-segments.ts';
import { concatBytes } from './concat-bytes.ts';
import type { JpegStructure } from './jpeg-structure.ts';
import { marker } from './markers.ts';
import { walkJpeg } from './walk-jpeg.ts';

/**
 * Takes out of a JPEG everything that isn't needed to decode it: EXIF, XMP, IPTC, maker notes, comments, thumbnails (also the
 * one JFIF may hold) and all that follows the EOI. What stays: JFIF and Adobe headers in their shortest form, tables, frame and
 * scan headers, and the entropy-coded data bit for bit. A missing EOI is added. The ICC profile is handed out apart.
 *
 * @param structure what `walkJpeg` said of these bytes, when already known
 * @throws JpegMalformedError, JpegUnsupportedError as `walkJpeg`
 */
export function stripJpeg(
  bytes: Uint8Array,
  structure: JpegStructure = walkJpeg(bytes),
): { jpeg: Uint8Array; iccProfile: Uint8Array | null } {
  const parts: Uint8Array[] = [colourHeaders(bytes, structure, false)];
  for (const segment of structure.segments) {
    if (segment.marker >= marker.APP0 && segment.marker <= marker.APP15) continue;
    if (segment.marker === marker.COM) continue;
    const end = segment.scan === null ? segment.dataOffset + segment.dataLength : segment.scan.dataEnd;
    parts.push(bytes.subarray(segment.offset, end));
  }
  parts.push(Uint8Array.of(0xff, marker.EOI));
  return { jpeg: concatBytes(parts), iccProfile: readIccProfile(bytes, structure) };
}

/** The ICC profile put together from its parts, or null when there is none or it isn't whole. */
export function readIccProfile(bytes: Uint8Array, { iccChunks }: JpegStructure): Uint8Array | null {
  if (iccChunks === null) return null;
  const profile = concatBytes(iccChunks.map(({ offset, length }) => bytes.subarray(offset, offset + length)));
  return profile.length >= 128 ? profile : null;
}

/**
 * SOI, then the JFIF header without its thumbnail and the Adobe header without what may follow the transform byte: both tell
 * decoders the colour space.
 *
 * @param transposed swaps the horizontal and vertical pixel density
 */
export function colourHeaders(bytes: Uint8Array, { segments }: JpegStructure, transposed: boolean): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, marker.SOI)];
  const jfif = segments.find((segment) => isJfif(bytes, segment));
  if (jfif !== undefined) {
    const [version, x, y] = [5, 8, 10].map((at) => bytes.subarray(jfif.dataOffset + at, jfif.dataOffset + at + 2));
    const units = bytes[jfif.dataOffset + 7]!;
    const density = transposed ? [...y!, ...x!] : [...x!, ...y!];
    parts.push(
      Uint8Array.of(0xff, marker.APP0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, ...version!, units, ...density, 0, 0),
    );
  }
  const adobe = segments.find((segment) => isAdobe(bytes, segment));
  if (adobe !== undefined) {
    parts.push(Uint8Array.of(0xff, marker.APP14, 0, 14), bytes.subarray(adobe.dataOffset, adobe.dataOffset + 12));
  }
  return concatBytes(parts);
}
