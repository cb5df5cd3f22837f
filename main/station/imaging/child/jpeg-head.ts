export type JpegHead = {
  width: number;
  height: number;
  components: number;
  /** Can be decoded by common decoders: not lossless, not JPEG-LS. */
  isDct: boolean;
  isProgressive: boolean;
  /** TIFF block of the first EXIF segment. */
  exif: Uint8Array | null;
  icc: Buffer | null;
};

/**
 * Reads a JPEG's headers up to its first scan. More forgiving than `walkJpeg`: what a broken file still says of itself is worth
 * knowing. `null` when no frame header is found.
 */
export function readJpegHead(bytes: Uint8Array): JpegHead | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  let exif: Uint8Array | null = null;
  const iccParts: Uint8Array[] = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = bytes[at + 1]!;
    if (marker === 0xff || marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const data = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || marker === 0xda || marker === 0xd9) return null;
    if (marker === 0xe1 && exif === null && hasText(data, 'Exif\0')) exif = data.subarray(6);
    if (marker === 0xe2 && hasText(data, 'ICC_PROFILE\0') && data.length > 14)
      iccParts[data[12]!] ??= data.subarray(14);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if ((isFrame || marker === 0xf7) && data.length >= 6) {
      return {
        height: (data[1]! << 8) | data[2]!,
        width: (data[3]! << 8) | data[4]!,
        components: data[5]!,
        isDct: marker !== 0xf7 && marker % 4 !== 3,
        isProgressive: marker % 4 === 2 && marker !== 0xf7,
        exif,
        icc: joinIcc(iccParts, bytes, at + 2 + length),
      };
    }
    at += 2 + length;
  }
  return null;
}

/** Profiles may have parts after the frame header too; they are all before the scan. */
function joinIcc(parts: Uint8Array[], bytes: Uint8Array, start: number): Buffer | null {
  let at = start;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda && bytes[at + 1] !== 0xd9) {
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const data = bytes.subarray(at + 4, at + 2 + length);
    if (bytes[at + 1] === 0xe2 && hasText(data, 'ICC_PROFILE\0') && data.length > 14)
      parts[data[12]!] ??= data.subarray(14);
    at += 2 + Math.max(length, 2);
  }
  const profile = Buffer.concat(parts.filter((part) => part !== undefined));
  return profile.length >= 128 ? profile : null;
}

function hasText(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < text.length) return false;
  for (let index = 0; index < text.length; index++) if (bytes[index] !== text.charCodeAt(index)) return false;
  return true;
}
