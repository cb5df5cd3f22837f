import { PhotodockError } from '../../../../../shared/domain/errors.ts';

/** A device sent a dataset that is none. */
export class PtpDatasetError extends PhotodockError {
  constructor(dataset: string, what: string) {
    super('device-dataset', `the device sent a broken ${dataset} (${what})`, { dataset, what });
  }
}

/** More than any device was seen to hold; a count beyond is a broken dataset. */
const MOST_ELEMENTS = 4_000_000;

/**
 * Reads a dataset of a device, little endian (ISO 15740, 5.3). Nothing is read beyond its end, and nothing is made by a count
 * that the bytes present do not bear out.
 */
export class DatasetReader {
  readonly #name: string;
  readonly #view: DataView;
  #at = 0;

  /** @param name of the dataset, for errors */
  constructor(name: string, bytes: Uint8Array) {
    this.#name = name;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#view.byteLength - this.#at;
  }

  get at(): number {
    return this.#at;
  }

  /** @returns where the bytes begin @throws PtpDatasetError when they are not there */
  #take(bytes: number): number {
    if (bytes > this.left) throw new PtpDatasetError(this.#name, 'it ends early');
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  i16(): number {
    return this.#view.getInt16(this.#take(2), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** A 64-bit number; what a number cannot hold exactly is told as the largest that can be. */
  u64(): number {
    const value = this.#view.getBigUint64(this.#take(8), true);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
  }

  i64(): number {
    const value = Number(this.#view.getBigInt64(this.#take(8), true));
    return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));
  }

  /** A part as a reader of its own. */
  part(bytes: number): DatasetReader {
    const at = this.#take(bytes);
    return new DatasetReader(this.#name, new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, bytes));
  }

  /** A count of elements of this size that are really there. */
  count(elementBytes: number): number {
    const count = this.u32();
    if (count > MOST_ELEMENTS || count * elementBytes > this.left)
      throw new PtpDatasetError(this.#name, 'it counts more than it holds');
    return count;
  }

  u16Array(): number[] {
    return Array.from({ length: this.count(2) }, () => this.u16());
  }

  u32Array(): number[] {
    return Array.from({ length: this.count(4) }, () => this.u32());
  }

  /**
   * A string: u8 count of UTF-16 units with the terminating NUL, then the units (ISO 15740, 5.3.8). Ends at the first NUL; half
   * surrogates become U+FFFD.
   */
  string(): string {
    const units = this.u8();
    const at = this.#take(2 * units);
    let text = '';
    for (let index = 0; index < units; index++) {
      const unit = this.#view.getUint16(at + 2 * index, true);
      if (unit === 0) break;
      text += String.fromCodePoint(unit);
    }
    return text.toWellFormed();
  }

  /** A string where the dataset may end before it: some devices leave the last ones out. */
  stringIfThere(): string {
    return this.left > 0 ? this.string() : '';
  }
}
