import { EntropyEndedError, JpegMalformedError } from './errors.ts';
import { type HuffmanDecoder, LOOKUP_BITS } from './huffman-decoder.ts';
import { marker } from './markers.ts';

/**
 * Reads bits from the entropy-coded data of one scan. At a marker or the end it goes on with zero bits, and counts them;
 * `assertNotEnded` then throws. So the hot paths need no bounds checks, and nothing outside the scan is ever read.
 */
export class EntropyReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #position: number;
  #bits = 0;
  #count = 0;
  #padding = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
  }

  get position(): number {
    return this.#position;
  }

  /** The next Huffman symbol. */
  symbol({ lookup, largestCode, symbolOffset, symbols }: HuffmanDecoder): number {
    if (this.#count < 16) this.#fill();
    const found = lookup[(this.#bits >>> (this.#count - LOOKUP_BITS)) & ((1 << LOOKUP_BITS) - 1)]!;
    if (found !== 0) {
      this.#count -= found >> 8;
      return found & 255;
    }
    const window = (this.#bits >>> (this.#count - 16)) & 0xffff;
    for (let length = LOOKUP_BITS + 1; length <= 16; length++) {
      const code = window >> (16 - length);
      if (code <= largestCode[length]!) {
        this.#count -= length;
        return symbols[code + symbolOffset[length]!]!;
      }
    }
    throw this.malformed('no such Huffman code');
  }

  /** A code for a non-zero AC coefficient with its value, when both are short (see HuffmanDecoder.coefficients); else 0. */
  shortCoefficient({ coefficients }: HuffmanDecoder): number {
    if (this.#count < 16) this.#fill();
    const found = coefficients[(this.#bits >>> (this.#count - LOOKUP_BITS)) & ((1 << LOOKUP_BITS) - 1)]!;
    this.#count -= found & 255;
    return found;
  }

  /** `size` bits (0..15) as they are. */
  raw(size: number): number {
    if (size === 0) return 0;
    if (this.#count < size) this.#fill();
    this.#count -= size;
    return (this.#bits >>> this.#count) & ((1 << size) - 1);
  }

  /** `size` bits (0..15) as a signed value, T.81 figure F.12. */
  signed(size: number): number {
    const value = this.raw(size);
    return size !== 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** @throws EntropyEndedError when bits were used that aren't in the data. */
  assertNotEnded(): void {
    if (this.#count < this.#padding) throw new EntropyEndedError(this.#position);
  }

  /** Goes past the restart marker with this number (0..7). */
  restart(expected: number): void {
    this.#bits = this.#count = this.#padding = 0;
    // Whole bytes left over before the marker are skipped, as libjpeg does.
    let at = this.#position;
    for (;;) {
      at = this.#bytes.indexOf(0xff, at);
      if (at === -1 || at + 1 >= this.#end) {
        this.#position = this.#end;
        throw new EntropyEndedError(this.#end);
      }
      const code = this.#bytes[at + 1]!;
      if (code >= marker.RST0 && code <= marker.RST7) break;
      at += code === 0xff ? 1 : 2;
    }
    if (this.#bytes[at + 1] !== marker.RST0 + expected) throw new JpegMalformedError('restart marker out of order', at);
    this.#position = at + 2;
  }

  /** The error for impossible data: `EntropyEndedError` when they only look so because they ended before. */
  malformed(message: string): JpegMalformedError {
    if (this.#count < this.#padding + 16 && this.#padding > 0) return new EntropyEndedError(this.#position);
    return new JpegMalformedError(message, this.#position);
  }

  /** Brings at least 25 bits into `#bits`. */
  #fill(): void {
    let position = this.#position;
    while (this.#count <= 24) {
      let byte = 0;
      if (this.#padding > 0 || position >= this.#end) {
        this.#padding += 8;
      } else {
        byte = this.#bytes[position]!;
        if (byte !== 0xff) {
          position++;
        } else {
          let next = position + 1;
          while (next < this.#end && this.#bytes[next] === 0xff) next++;
          if (next < this.#end && this.#bytes[next] === 0) {
            position = next + 1;
          } else {
            byte = 0;
            this.#padding = 8;
          }
        }
      }
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
    this.#position = position;
  }
}
