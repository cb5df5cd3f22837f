import type { ByteRange, JpegSegment } from './jpeg-structure.ts';
import { marker } from './markers.ts';

/** True for the APP0 segment that says JFIF (not for JFXX, its extension with a thumbnail). */
export function isJfif(bytes: Uint8Array, segment: JpegSegment): boolean {
  return segment.marker === marker.APP0 && segment.dataLength >= 14 && hasText(bytes, segment, 'JFIF\0');
}

/** True for the APP14 segment that says which colour transform was used. */
export function isAdobe(bytes: Uint8Array, segment: JpegSegment): boolean {
  return segment.marker === marker.APP14 && segment.dataLength >= 12 && hasText(bytes, segment, 'Adobe');
}

function hasText(bytes: Uint8Array, segment: JpegSegment, text: string): boolean {
  if (segment.dataLength < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[segment.dataOffset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The transform byte of the Adobe segment, or null when there is none. */
export function findAdobeTransform(bytes: Uint8Array, segments: JpegSegment[]): number | null {
  const adobe = segments.find((segment) => isAdobe(bytes, segment));
  return adobe === undefined ? null : bytes[adobe.dataOffset + 11]!;
}

/** The TIFF data of the first EXIF segment. */
export function findExif(bytes: Uint8Array, segments: JpegSegment[]): ByteRange | null {
  // The second pad byte is 0 by the standard; some cameras write 0xFF.
  const exif = segments.find((segment) => segment.marker === marker.APP1 && hasText(bytes, segment, 'Exif\0'));
  if (exif === undefined || exif.dataLength <= 6) return null;
  return { offset: exif.dataOffset + 6, length: exif.dataLength - 6 };
}

/** Parts are numbered from 1 and each says how many there are (ICC.1 annex B.4): anything else isn't a whole profile. */
export function findIcc(bytes: Uint8Array, segments: JpegSegment[]): ByteRange[] | null | 'broken' {
  const header = 'ICC_PROFILE\0';
  const parts = segments.filter((segment) => segment.marker === marker.APP2 && hasText(bytes, segment, header));
  if (parts.length === 0) return null;
  const ordered: (ByteRange | undefined)[] = [];
  for (const { dataOffset, dataLength } of parts) {
    if (dataLength < header.length + 2) return 'broken';
    const sequence = bytes[dataOffset + header.length]!;
    const total = bytes[dataOffset + header.length + 1];
    if (total !== parts.length || sequence < 1 || sequence > total || ordered[sequence - 1]) return 'broken';
    ordered[sequence - 1] = { offset: dataOffset + header.length + 2, length: dataLength - header.length - 2 };
  }
  // As many parts as numbers, no number twice: all are there.
  return ordered as ByteRange[];
}
