import { JpegMalformedError } from './errors.ts';

/** Bits looked up at once; longer codes are found by length. */
export const LOOKUP_BITS = 10;

/** A Huffman table ready for decoding (T.81 annex F.2.2.3). */
export type HuffmanDecoder = {
  /** By the next LOOKUP_BITS bits: `length << 8 | symbol`, 0 when the code is longer. */
  lookup: Uint16Array;
  /**
   * By the next LOOKUP_BITS bits, when a code for a non-zero AC coefficient and its extra bits fit in them:
   * `value << 16 | run << 8 | total length`, else 0.
   */
  coefficients: Int32Array;
  /** Per code length, the largest code (-1 = none) and what to add to a code for its place in `symbols`. */
  largestCode: Int32Array;
  symbolOffset: Int32Array;
  symbols: Uint8Array;
};

/**
 * @param lengthCounts 16 counts: how many codes have 1..16 bits
 * @throws JpegMalformedError when the counts can't be a prefix code
 */
export function buildHuffmanDecoder(lengthCounts: Uint8Array, symbols: Uint8Array, offset: number): HuffmanDecoder {
  const lookup = new Uint16Array(1 << LOOKUP_BITS);
  const largestCode = new Int32Array(17).fill(-1);
  const symbolOffset = new Int32Array(17);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    const count = lengthCounts[length - 1]!;
    symbolOffset[length] = next - code;
    for (let i = 0; i < count; i++, code++, next++) {
      if (code >= 1 << length) throw new JpegMalformedError('Huffman table with too many codes', offset);
      if (length > LOOKUP_BITS) continue;
      const first = code << (LOOKUP_BITS - length);
      lookup.fill((length << 8) | symbols[next]!, first, first + (1 << (LOOKUP_BITS - length)));
    }
    if (count > 0) largestCode[length] = code - 1;
    code <<= 1;
  }
  return { lookup, coefficients: fuseCoefficients(lookup), largestCode, symbolOffset, symbols };
}

function fuseCoefficients(lookup: Uint16Array): Int32Array {
  const fused = new Int32Array(lookup.length);
  for (let bits = 0; bits < lookup.length; bits++) {
    const length = lookup[bits]! >> 8;
    const size = lookup[bits]! & 15;
    const total = length + size;
    if (length === 0 || size === 0 || total > LOOKUP_BITS) continue;
    const extra = (bits >> (LOOKUP_BITS - total)) & ((1 << size) - 1);
    const value = extra < 1 << (size - 1) ? extra - (1 << size) + 1 : extra;
    fused[bits] = (value << 16) | (((lookup[bits]! >> 4) & 15) << 8) | total;
  }
  return fused;
}
