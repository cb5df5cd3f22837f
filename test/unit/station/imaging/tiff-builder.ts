/** Builds little-endian TIFF structures for tests: EXIF blocks and RAW stubs. */
export type Directory = { entries: [tag: number, value: TagValue][]; next?: Directory };
export type TagValue =
  | { short: number[] }
  | { long: number[] }
  | { rational: [number, number][] }
  | { text: string }
  | { undefined: Uint8Array }
  /** A LONG with the place of these bytes. */
  | { blob: Uint8Array }
  /** A LONG with the places of these directories. */
  | { directories: Directory[] };

export function buildTiff(first: Directory, magic = 42, prefix = Buffer.alloc(0)): Buffer {
  const parts: { at: number; bytes: Uint8Array }[] = [];
  let end = 8 + prefix.length;
  const place = (bytes: Uint8Array): number => {
    const at = end;
    parts.push({ at, bytes });
    end += bytes.length + (bytes.length % 2);
    return at;
  };
  const placeDirectory = ({ entries, next }: Directory): number => {
    const sorted = entries.toSorted(([a], [b]) => a - b);
    const bytes = Buffer.alloc(2 + sorted.length * 12 + 4);
    const at = place(bytes);
    bytes.writeUInt16LE(sorted.length, 0);
    for (const [index, [tag, value]] of sorted.entries()) {
      const { type, count, data } = encode(value, place, placeDirectory);
      const entry = 2 + index * 12;
      bytes.writeUInt16LE(tag, entry);
      bytes.writeUInt16LE(type, entry + 2);
      bytes.writeUInt32LE(count, entry + 4);
      if (data.length <= 4) data.copy(bytes, entry + 8);
      else bytes.writeUInt32LE(place(data), entry + 8);
    }
    if (next) bytes.writeUInt32LE(placeDirectory(next), bytes.length - 4);
    return at;
  };
  const start = placeDirectory(first);
  const file = Buffer.alloc(end);
  file.write('II', 0, 'latin1');
  file.writeUInt16LE(magic, 2);
  file.writeUInt32LE(start, 4);
  prefix.copy(file, 8);
  for (const { at, bytes } of parts) file.set(bytes, at);
  return file;
}

function encode(
  value: TagValue,
  place: (bytes: Uint8Array) => number,
  placeDirectory: (directory: Directory) => number,
): { type: number; count: number; data: Buffer } {
  if ('short' in value) return { type: 3, count: value.short.length, data: numbers(value.short, 2) };
  if ('long' in value) return { type: 4, count: value.long.length, data: numbers(value.long, 4) };
  if ('rational' in value) return { type: 5, count: value.rational.length, data: numbers(value.rational.flat(), 4) };
  if ('text' in value) {
    const data = Buffer.from(`${value.text}\0`);
    return { type: 2, count: data.length, data };
  }
  if ('undefined' in value) {
    return { type: 7, count: value.undefined.length, data: Buffer.from(value.undefined) };
  }
  if ('blob' in value) return { type: 4, count: 1, data: numbers([place(value.blob)], 4) };
  return { type: 4, count: value.directories.length, data: numbers(value.directories.map(placeDirectory), 4) };
}

function numbers(values: readonly number[], size: 2 | 4): Buffer {
  const data = Buffer.alloc(values.length * size);
  values.forEach((value, index) => data.writeUIntLE(value, index * size, size));
  return data;
}

/** Puts an EXIF block behind a JPEG's SOI. */
export function withExif(jpeg: Uint8Array, exif: Uint8Array): Buffer {
  const payload = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]);
  const header = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 0]);
  header.writeUInt16BE(payload.length + 2, 4);
  return Buffer.concat([header, payload, jpeg.subarray(2)]);
}
