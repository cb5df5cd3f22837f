/** One entry of a TIFF directory (TIFF 6.0 section 2). `at` is where its values are. */
export type TiffEntry = { type: number; count: number; at: number };
export type TiffDirectory = { entries: ReadonlyMap<number, TiffEntry>; next: number };

const TYPE_SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const MOST_ENTRIES = 4096;

/**
 * Reads TIFF structures (EXIF, TIFF, most RAW files) out of bytes nobody trusts: every access is bounds-checked, what lies
 * outside is absent, and nothing throws.
 */
export class TiffReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #little: boolean;
  /** Offset of the first directory. */
  readonly first: number;

  private constructor(bytes: Uint8Array, little: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = little;
    this.first = this.#view.getUint32(4, little);
  }

  /** `null` when the bytes have no TIFF byte order mark. Any magic number is taken: RW2 and ORF have their own. */
  static open(bytes: Uint8Array): TiffReader | null {
    if (bytes.length < 8) return null;
    if (bytes[0] === 0x49 && bytes[1] === 0x49) return new TiffReader(bytes, true);
    if (bytes[0] === 0x4d && bytes[1] === 0x4d) return new TiffReader(bytes, false);
    return null;
  }

  /** The directory at an offset; entries that lie outside the bytes are left out. */
  directory(offset: number): TiffDirectory | null {
    if (offset < 8 || offset + 2 > this.#bytes.length) return null;
    const count = this.#view.getUint16(offset, this.#little);
    if (count === 0 || count > MOST_ENTRIES) return null;
    const entries = new Map<number, TiffEntry>();
    for (let index = 0; index < count; index++) {
      const at = offset + 2 + index * 12;
      if (at + 12 > this.#bytes.length) break;
      const type = this.#view.getUint16(at + 2, this.#little);
      const values = this.#view.getUint32(at + 4, this.#little);
      const length = (TYPE_SIZES[type] ?? 0) * values;
      if (length === 0) continue;
      const start = length <= 4 ? at + 8 : this.#view.getUint32(at + 8, this.#little);
      if (start + length > this.#bytes.length) continue;
      const tag = this.#view.getUint16(at, this.#little);
      if (!entries.has(tag)) entries.set(tag, { type, count: values, at: start });
    }
    const end = offset + 2 + count * 12;
    return { entries, next: end + 4 <= this.#bytes.length ? this.#view.getUint32(end, this.#little) : 0 };
  }

  /** The first numbers of an entry. Rationals with a zero denominator come as NaN. */
  numbers(entry: TiffEntry | undefined, most = 16): number[] {
    if (entry === undefined) return [];
    const size = TYPE_SIZES[entry.type]!;
    const values: number[] = [];
    for (let index = 0; index < Math.min(entry.count, most); index++) {
      values.push(this.#number(entry.type, entry.at + index * size));
    }
    return values;
  }

  /** The bytes of an entry, without copying. */
  bytes(entry: TiffEntry | undefined): Uint8Array {
    if (entry === undefined) return new Uint8Array(0);
    return this.#bytes.subarray(entry.at, entry.at + TYPE_SIZES[entry.type]! * entry.count);
  }

  #number(type: number, at: number): number {
    const view = this.#view;
    const little = this.#little;
    switch (type) {
      case 3:
        return view.getUint16(at, little);
      case 4:
      case 13:
        return view.getUint32(at, little);
      case 5:
        return ratio(view.getUint32(at, little), view.getUint32(at + 4, little));
      case 6:
        return view.getInt8(at);
      case 8:
        return view.getInt16(at, little);
      case 9:
        return view.getInt32(at, little);
      case 10:
        return ratio(view.getInt32(at, little), view.getInt32(at + 4, little));
      case 11:
        return view.getFloat32(at, little);
      case 12:
        return view.getFloat64(at, little);
      default:
        return view.getUint8(at);
    }
  }
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? Number.NaN : numerator / denominator;
}
