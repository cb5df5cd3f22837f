import { JpegMalformedError } from './errors.ts';
import { buildHuffmanDecoder, type HuffmanDecoder } from './huffman-decoder.ts';
import type { JpegSegment } from './jpeg-structure.ts';
import { readUint16 } from './read-uint16.ts';

/** The tables in force at a point of the stream, by their number. */
export type JpegTables = {
  /** 64 values each, in stream (zigzag) order. */
  quantisation: (Uint16Array | undefined)[];
  dc: (HuffmanDecoder | undefined)[];
  ac: (HuffmanDecoder | undefined)[];
  /** Huffman tables read so far. */
  huffmanCount: number;
};

/** Four for each of the scans that we accept; building more only costs time. */
const MAX_HUFFMAN_TABLES = 4 * 100;

export function noTables(): JpegTables {
  return { quantisation: [], dc: [], ac: [], huffmanCount: 0 };
}

/** Takes over the tables of a DQT segment. Returns whether one of them has 16-bit entries. */
export function readQuantisationTables(bytes: Uint8Array, segment: JpegSegment, tables: JpegTables): boolean {
  let at = segment.dataOffset;
  const end = at + segment.dataLength;
  let wide = false;
  while (at < end) {
    const size = bytes[at]! >> 4;
    const id = bytes[at]! & 15;
    if (size > 1 || id > 3 || at + 1 + 64 * (size + 1) > end) {
      throw new JpegMalformedError('broken quantisation table', at);
    }
    const table = new Uint16Array(64);
    for (let i = 0; i < 64; i++) table[i] = size === 0 ? bytes[at + 1 + i]! : readUint16(bytes, at + 1 + 2 * i);
    tables.quantisation[id] = table;
    wide ||= size === 1;
    at += 1 + 64 * (size + 1);
  }
  return wide;
}

/** Takes over the tables of a DHT segment. */
export function readHuffmanTables(bytes: Uint8Array, segment: JpegSegment, tables: JpegTables): void {
  let at = segment.dataOffset;
  const end = at + segment.dataLength;
  while (at < end) {
    const kind = bytes[at]! >> 4;
    const id = bytes[at]! & 15;
    if (kind > 1 || id > 3 || at + 17 > end) throw new JpegMalformedError('broken Huffman table', at);
    const lengthCounts = bytes.subarray(at + 1, at + 17);
    const total = lengthCounts.reduce((sum, count) => sum + count, 0);
    if (total > 256 || at + 17 + total > end) throw new JpegMalformedError('broken Huffman table', at);
    if (++tables.huffmanCount > MAX_HUFFMAN_TABLES) throw new JpegMalformedError('too many Huffman tables', at);
    const symbols = bytes.subarray(at + 17, at + 17 + total);
    (kind === 0 ? tables.dc : tables.ac)[id] = buildHuffmanDecoder(lengthCounts, symbols, at);
    at += 17 + total;
  }
}
