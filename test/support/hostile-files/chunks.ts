import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

export interface PngOptions {
  /** Further chunks in front of the pixels. */
  readonly chunks?: readonly [string, Uint8Array][];
  /** Its rows come in seven rounds, so that it has to be in memory whole. */
  readonly interlaced?: boolean;
}

/** A PNG that says it has this size, with this much packed zeros for pixels. */
export function png(width: number, height: number, pixelBytes: number, options: PngOptions = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, options.interlaced ? 1 : 0], 8);
  const pixels = deflateSync(Buffer.alloc(pixelBytes), { level: 9 });
  const chunks = (options.chunks ?? []).map(([type, data]) => chunk(type, data));
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), ...chunks, chunk('IDAT', pixels), end]);
}

/** A JPEG marker segment. */
export function segment(marker: number, payload: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

/** Puts segments behind a JPEG's SOI. */
export function withSegments(jpeg: Uint8Array, segments: readonly Uint8Array[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** The offset of the first segment with one of these markers, by walking; throws when there is none. */
export function offsetOf(jpeg: Uint8Array, markers: readonly number[]): number {
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; at += 2 + ((jpeg[at + 2]! << 8) | jpeg[at + 3]!)) {
    if (markers.includes(jpeg[at + 1]!)) return at;
  }
  throw new Error('no such segment');
}

/** The JPEG with another size in its frame header. */
export function withSize(jpeg: Uint8Array, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  const at = offsetOf(changed, [0xc0, 0xc1, 0xc2]);
  changed.writeUInt16BE(height, at + 5);
  changed.writeUInt16BE(width, at + 7);
  return changed;
}

/** The HEIF file with another size in every `ispe` box. */
export function withSpatialExtent(heif: Uint8Array, width: number, height: number): Buffer {
  const changed = Buffer.from(heif);
  for (let at = changed.indexOf('ispe'); at !== -1; at = changed.indexOf('ispe', at + 4)) {
    changed.writeUInt32BE(width, at + 8);
    changed.writeUInt32BE(height, at + 12);
  }
  return changed;
}
