import type { CoefficientImage, CoefficientPlane } from './coefficient-image.ts';
import { concatBytes } from './concat-bytes.ts';
import { jpegLimits } from './decode-coefficients.ts';
import type { BlockSink } from './block-sink.ts';
import { EntropyWriter } from './entropy-writer.ts';
import { JpegUnsupportedError } from './errors.ts';
import { marker } from './markers.ts';
import { buildOptimalHuffman, type HuffmanEncoder } from './optimal-huffman.ts';
import { coefficientTurn, type Turn } from './orientation.ts';
import { SymbolCounter } from './symbol-counter.ts';
import { SymbolWriter } from './symbol-writer.ts';

/** One component as it is written: where its turned blocks are found among the stored ones. */
type OutputPlane = {
  plane: CoefficientPlane;
  horizontal: number;
  vertical: number;
  blocksWide: number;
  blocksHigh: number;
  /** Stored block of the first turned block, and the steps from one to the next to the right and below. */
  firstBlock: number;
  columnStep: number;
  rowStep: number;
  tableClass: 0 | 1;
};

/**
 * Writes coefficients as a baseline JPEG (SOF0): one interleaved scan with Huffman tables made for it, no restart markers.
 *
 * @param head SOI and the segments that come before the tables
 * @throws JpegUnsupportedError when baseline can't hold the picture (16-bit quantisation values, too many blocks in an MCU);
 * JpegMalformedError when coefficients are beyond what 8-bit samples can have
 */
export function encodeBaseline(image: CoefficientImage, turn: Turn, head: Uint8Array): Uint8Array {
  const coefficients = coefficientTurn(turn);
  const planes = image.planes.map((plane, index) => outputPlane(plane, turn, index, image.planes.length));
  const width = turn.transpose ? image.height : image.width;
  const height = turn.transpose ? image.width : image.height;
  const blocksInMcu = planes.reduce((sum, plane) => sum + plane.horizontal * plane.vertical, 0);
  if (planes.length > 1 && blocksInMcu > jpegLimits.blocksInMcu) {
    throw new JpegUnsupportedError('too many blocks in an MCU', { blocks: blocksInMcu });
  }

  const counter = new SymbolCounter(coefficients, turn.transpose);
  walkBlocks(planes, width, height, counter);
  const tableClasses = planes.some(({ tableClass }) => tableClass === 1) ? 2 : 1;
  const dcTables = counter.dcCounts.slice(0, tableClasses).map(buildOptimalHuffman);
  const acTables = counter.acCounts.slice(0, tableClasses).map(buildOptimalHuffman);

  const headers = concatBytes([
    head,
    ...quantisationAndFrame(planes, coefficients.from, width, height),
    ...dcTables.map((table, id) => huffmanSegment(id, table)),
    ...acTables.map((table, id) => huffmanSegment(0x10 | id, table)),
    scanHeader(planes),
  ]);
  const writer = new EntropyWriter(headers, counter.expectedBytes(dcTables, acTables));
  walkBlocks(planes, width, height, new SymbolWriter(coefficients, turn.transpose, dcTables, acTables, writer));
  return writer.finish(Uint8Array.of(0xff, marker.EOI));
}

function outputPlane(plane: CoefficientPlane, turn: Turn, index: number, count: number): OutputPlane {
  const { blocksWide, blocksHigh } = plane;
  const right = turn.mirrorColumns ? -1 : 1;
  const down = turn.mirrorRows ? -blocksWide : blocksWide;
  return {
    plane,
    horizontal: turn.transpose ? plane.vertical : plane.horizontal,
    vertical: turn.transpose ? plane.horizontal : plane.vertical,
    blocksWide: turn.transpose ? blocksHigh : blocksWide,
    blocksHigh: turn.transpose ? blocksWide : blocksHigh,
    firstBlock: (turn.mirrorColumns ? blocksWide - 1 : 0) + (turn.mirrorRows ? (blocksHigh - 1) * blocksWide : 0),
    columnStep: turn.transpose ? down : right,
    rowStep: turn.transpose ? right : down,
    // Luminance (and the black of four components) apart from chrominance.
    tableClass: index === 0 || index === 3 || count === 2 ? 0 : 1,
  };
}

function walkBlocks(planes: OutputPlane[], width: number, height: number, sink: BlockSink): void {
  const mcusWide = Math.ceil(width / (8 * Math.max(...planes.map(({ horizontal }) => horizontal))));
  const mcusHigh = Math.ceil(height / (8 * Math.max(...planes.map(({ vertical }) => vertical))));
  const predictions = new Int32Array(planes.length);
  for (let mcuRow = 0; mcuRow < mcusHigh; mcuRow++) {
    for (let mcuColumn = 0; mcuColumn < mcusWide; mcuColumn++) {
      for (let index = 0; index < planes.length; index++) {
        const output = planes[index]!;
        const { plane, horizontal, vertical, tableClass } = output;
        for (let v = 0; v < vertical; v++) {
          const row = mcuRow * vertical + v;
          for (let h = 0; h < horizontal; h++) {
            const column = mcuColumn * horizontal + h;
            if (row >= output.blocksHigh || column >= output.blocksWide) {
              sink.padding(tableClass);
              continue;
            }
            const block = output.firstBlock + column * output.columnStep + row * output.rowStep;
            const dc = plane.coefficients[block * 64]!;
            sink.dc(tableClass, dc - predictions[index]!);
            sink.ac(tableClass, plane, block);
            predictions[index] = dc;
          }
        }
      }
    }
  }
}

/** One DQT per distinct table, then SOF0. */
function quantisationAndFrame(planes: OutputPlane[], from: Uint8Array, width: number, height: number): Uint8Array[] {
  const tables: Uint16Array[] = [];
  const components: number[] = [];
  for (const { plane, horizontal, vertical } of planes) {
    if (plane.quantisation.some((value) => value > 255)) {
      throw new JpegUnsupportedError('quantisation values above 255 don’t fit baseline');
    }
    const table = plane.quantisation.map((_, position) => plane.quantisation[from[position]!]!);
    let id = tables.findIndex((known) => known.every((value, position) => value === table[position]));
    if (id === -1) id = tables.push(table) - 1;
    components.push(plane.id, (horizontal << 4) | vertical, id);
  }
  return [
    ...tables.map((table, id) => segment(marker.DQT, [id, ...table])),
    segment(marker.SOF0, [8, height >> 8, height & 255, width >> 8, width & 255, planes.length, ...components]),
  ];
}

function huffmanSegment(classAndId: number, { lengthCounts, symbols }: HuffmanEncoder): Uint8Array {
  return segment(marker.DHT, [classAndId, ...lengthCounts, ...symbols]);
}

function scanHeader(planes: OutputPlane[]): Uint8Array {
  const components = planes.flatMap(({ plane, tableClass }) => [plane.id, (tableClass << 4) | tableClass]);
  return segment(marker.SOS, [planes.length, ...components, 0, 63, 0]);
}

function segment(code: number, payload: number[]): Uint8Array {
  const length = payload.length + 2;
  return Uint8Array.from([0xff, code, length >> 8, length & 255, ...payload]);
}
