/** A box of an ISO base media file (ISO/IEC 14496-12); `start` and `end` are those of its content. */
export type Box = { type: string; start: number; end: number };

const MOST_BOXES = 1024;

/** Walks the boxes of an ISO base media file; never leaves the bytes. */
export class Boxes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  all(): Box[] {
    return this.children({ type: '', start: 0, end: this.#bytes.length });
  }

  children({ start, end }: Box): Box[] {
    const found: Box[] = [];
    let at = start;
    while (at + 8 <= end && found.length < MOST_BOXES) {
      const short = this.#view.getUint32(at);
      const isLong = short === 1 && at + 16 <= end;
      const size = isLong ? Number(this.#view.getBigUint64(at + 8)) : short === 0 ? end - at : short;
      const header = isLong ? 16 : 8;
      if (size < header || at + size > end) break;
      const type = String.fromCharCode(...this.#bytes.subarray(at + 4, at + 8));
      found.push({ type, start: at + header, end: at + size });
      at += size;
    }
    return found;
  }

  /** Boxes at the end of a path of types, in file order. */
  find(boxes: readonly Box[], [first, ...rest]: readonly string[]): Box[] {
    const matching = boxes.filter(({ type }) => type === first);
    return rest.length === 0
      ? matching
      : this.find(
          matching.flatMap((box) => this.children(box)),
          rest,
        );
  }

  /** The first sample of a track, by its sample table. */
  firstSample(table: Box): Uint8Array {
    const none = this.#bytes.subarray(0, 0);
    const parts = this.children(table);
    const sizes = parts.find(({ type }) => type === 'stsz');
    const long = parts.find(({ type }) => type === 'co64');
    const short = parts.find(({ type }) => type === 'stco');
    const offsets = long ?? short;
    if (!sizes || !offsets || sizes.end - sizes.start < 12 || offsets.end - offsets.start < (long ? 16 : 12))
      return none;
    const common = this.#view.getUint32(sizes.start + 4);
    if (common === 0 && sizes.end - sizes.start < 16) return none;
    const size = common === 0 ? this.#view.getUint32(sizes.start + 12) : common;
    const offset = long ? Number(this.#view.getBigUint64(offsets.start + 8)) : this.#view.getUint32(offsets.start + 8);
    return this.#bytes.subarray(offset, offset + size);
  }
}
