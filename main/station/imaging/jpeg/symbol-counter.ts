import { type BlockSink, sizeOf } from './block-sink.ts';
import type { CoefficientPlane } from './coefficient-image.ts';
import { JpegMalformedError } from './errors.ts';
import type { HuffmanEncoder } from './optimal-huffman.ts';
import type { CoefficientTurn } from './orientation.ts';
import { diagonalEnd } from './zigzag.ts';

/** First pass: counts the symbols that `SymbolWriter` will write, and checks that baseline has them. */
export class SymbolCounter implements BlockSink {
  readonly dcCounts = [new Uint32Array(256), new Uint32Array(256)];
  readonly acCounts = [new Uint32Array(256), new Uint32Array(256)];
  readonly #from: Uint8Array;
  readonly #transpose: boolean;

  constructor({ from }: CoefficientTurn, transpose: boolean) {
    this.#from = from;
    this.#transpose = transpose;
  }

  dc(tableClass: 0 | 1, difference: number): void {
    const size = sizeOf(difference);
    if (size > 11) throw new JpegMalformedError('DC difference out of range', 0, { difference });
    this.dcCounts[tableClass]![size]!++;
  }

  ac(tableClass: 0 | 1, plane: CoefficientPlane, block: number): void {
    const counts = this.acCounts[tableClass]!;
    const from = this.#from;
    const { coefficients } = plane;
    const offset = block * 64;
    const last = plane.lastPositions[block]!;
    const end = this.#transpose ? diagonalEnd[last]! : last;
    let run = 0;
    for (let position = 1; position <= end; position++) {
      const value = coefficients[offset + from[position]!]!;
      if (value === 0) {
        run++;
        continue;
      }
      for (; run > 15; run -= 16) counts[0xf0]!++;
      const size = sizeOf(value);
      if (size > 10) throw new JpegMalformedError('coefficient out of range', 0, { value });
      counts[(run << 4) | size]!++;
      run = 0;
    }
    if (run > 0 || end < 63) counts[0]!++;
  }

  padding(tableClass: 0 | 1): void {
    this.dcCounts[tableClass]![0]!++;
    this.acCounts[tableClass]![0]!++;
  }

  /** Size of the entropy-coded data, without the stuffed zeros (for which 1/128 is added). */
  expectedBytes(dcTables: HuffmanEncoder[], acTables: HuffmanEncoder[]): number {
    let bits = 0;
    for (const [counts, tables] of [
      [this.dcCounts, dcTables],
      [this.acCounts, acTables],
    ] as const) {
      for (const [index, { lengths }] of tables.entries()) {
        counts[index]!.forEach((count, symbol) => (bits += count * (lengths[symbol]! + (symbol & 15))));
      }
    }
    return Math.ceil((bits / 8) * (1 + 1 / 128));
  }
}
