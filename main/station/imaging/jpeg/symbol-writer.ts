import { type BlockSink, sizeOf } from './block-sink.ts';
import type { CoefficientPlane } from './coefficient-image.ts';
import type { EntropyWriter } from './entropy-writer.ts';
import type { HuffmanEncoder } from './optimal-huffman.ts';
import type { CoefficientTurn } from './orientation.ts';
import { diagonalEnd } from './zigzag.ts';

/** Second pass: writes the turned blocks (T.81 annex F.1.2). */
export class SymbolWriter implements BlockSink {
  readonly #from: Uint8Array;
  readonly #negative: Uint8Array;
  readonly #transpose: boolean;
  readonly #dcTables: HuffmanEncoder[];
  readonly #acTables: HuffmanEncoder[];
  readonly #writer: EntropyWriter;

  constructor(
    { from, negative }: CoefficientTurn,
    transpose: boolean,
    dcTables: HuffmanEncoder[],
    acTables: HuffmanEncoder[],
    writer: EntropyWriter,
  ) {
    this.#from = from;
    this.#negative = negative;
    this.#transpose = transpose;
    this.#dcTables = dcTables;
    this.#acTables = acTables;
    this.#writer = writer;
  }

  dc(tableClass: 0 | 1, difference: number): void {
    const { codes, lengths } = this.#dcTables[tableClass]!;
    const size = sizeOf(difference);
    this.#writer.reserveBlock();
    this.#writer.put(codes[size]!, lengths[size]!);
    this.#writer.put(difference < 0 ? difference + (1 << size) - 1 : difference, size);
  }

  ac(tableClass: 0 | 1, plane: CoefficientPlane, block: number): void {
    const { codes, lengths } = this.#acTables[tableClass]!;
    const writer = this.#writer;
    const from = this.#from;
    const negative = this.#negative;
    const { coefficients } = plane;
    const offset = block * 64;
    const last = plane.lastPositions[block]!;
    const end = this.#transpose ? diagonalEnd[last]! : last;
    let run = 0;
    for (let position = 1; position <= end; position++) {
      let value = coefficients[offset + from[position]!]!;
      if (value === 0) {
        run++;
        continue;
      }
      if (negative[position] === 1) value = -value;
      for (; run > 15; run -= 16) writer.put(codes[0xf0]!, lengths[0xf0]!);
      const size = sizeOf(value);
      const symbol = (run << 4) | size;
      writer.put(codes[symbol]!, lengths[symbol]!);
      writer.put(value < 0 ? value + (1 << size) - 1 : value, size);
      run = 0;
    }
    if (run > 0 || end < 63) writer.put(codes[0]!, lengths[0]!);
  }

  padding(tableClass: 0 | 1): void {
    this.dc(tableClass, 0);
    const { codes, lengths } = this.#acTables[tableClass]!;
    this.#writer.put(codes[0]!, lengths[0]!);
  }
}
