import { type CoefficientImage, type CoefficientPlane, reducedSampling } from './coefficient-image.ts';
import { EntropyEndedError, JpegMalformedError, JpegUnsupportedError } from './errors.ts';
import { EntropyReader } from './entropy-reader.ts';
import type { HuffmanDecoder } from './huffman-decoder.ts';
import { marker } from './markers.ts';
import { noTables, readHuffmanTables, readQuantisationTables, type JpegTables } from './read-tables.ts';
import { ScanDecoder, type ScanComponent } from './scan-decoder.ts';
import type { JpegFrame, JpegScan, JpegStructure } from './jpeg-structure.ts';

/** What we are ready to hold in memory for one picture. */
export const jpegLimits = {
  pixels: 200_000_000,
  /** 200 megapixels in three full components of 16-bit coefficients. */
  coefficientBytes: 1_250_000_000,
  /** Encoders write about ten; each may cost a pass over the whole picture. */
  scans: 100,
  /** A coefficient has one first scan, and 13 more bits at most can be added by later ones (T.81 G.1.1.1.2). */
  passes: 14,
  /** T.81 B.2.3. */
  blocksInMcu: 10,
} as const;

/** A plane while it is being filled: its quantisation table is the one in force at its first scan. */
type Plane = Omit<CoefficientPlane, 'quantisation'> & { quantisation: Uint16Array | null; complete: boolean };

/**
 * Decodes the entropy coding only: the quantised DCT coefficients of a Huffman-coded baseline, extended or progressive JPEG
 * of 8 bits, exactly as they are in the stream. Of a truncated file just the scans that are there in full are used, and these
 * must cover the whole picture in all components (as those of a progressive file may).
 *
 * @throws JpegMalformedError when the data can't be decoded to the last block; JpegUnsupportedError for other kinds of JPEG
 * and above `jpegLimits`, before anything large is allocated
 */
export function decodeCoefficients(bytes: Uint8Array, structure: JpegStructure): CoefficientImage {
  assertDecodable(structure);
  try {
    return decodeScans(bytes, structure, structure.scans.length);
  } catch (error) {
    if (!structure.truncated || !(error instanceof EntropyEndedError)) throw error;
    if (structure.scans.length === 1) throw cutTooEarly(bytes);
    return decodeScans(bytes, structure, structure.scans.length - 1);
  }
}

/** @throws JpegUnsupportedError when `decodeCoefficients` won't take a picture of this kind or size */
export function assertDecodable({ frame, scans }: JpegStructure): void {
  if (frame.process === 'other') throw new JpegUnsupportedError('JPEG process', { marker: frame.marker });
  if (frame.precision !== 8) throw new JpegUnsupportedError('precision', { bits: frame.precision });
  if (frame.components.length > 4) throw new JpegUnsupportedError('components', { count: frame.components.length });
  if (scans.length > jpegLimits.scans) throw new JpegUnsupportedError('too many scans', { count: scans.length });
  if (frame.width * frame.height > jpegLimits.pixels) {
    throw new JpegUnsupportedError('too many pixels', { width: frame.width, height: frame.height });
  }
  if (frame.process === 'progressive') assertPasses(scans, frame.components.length);
}

/** Stops files made to keep us busy: a scan of few bytes may go over all coefficients of a huge picture. */
function assertPasses(scans: readonly JpegScan[], componentCount: number): void {
  const visited = Array.from({ length: componentCount }, () => 0);
  for (const { components, spectralStart, spectralEnd, dataOffset } of scans) {
    for (const { index } of components) {
      visited[index]! += Math.max(0, spectralEnd - spectralStart + 1);
      if (visited[index]! > 64 * jpegLimits.passes) throw new JpegMalformedError('scanned too often', dataOffset);
    }
  }
}

function decodeScans(bytes: Uint8Array, structure: JpegStructure, scanCount: number): CoefficientImage {
  const { frame } = structure;
  const planes = allocatePlanes(structure);
  const tables = noTables();
  let restartInterval = 0;
  let done = 0;
  for (const segment of structure.segments) {
    if (segment.marker === marker.DQT) readQuantisationTables(bytes, segment, tables);
    else if (segment.marker === marker.DHT) readHuffmanTables(bytes, segment, tables);
    else if (segment.marker === marker.DRI) {
      restartInterval = (bytes[segment.dataOffset]! << 8) | bytes[segment.dataOffset + 1]!;
    } else if (segment.scan !== null) {
      decodeScan(bytes, frame, segment.scan, planes, tables, restartInterval);
      if (++done === scanCount) break;
    }
  }
  if (planes.some(({ complete }) => !complete)) {
    if (structure.truncated) throw cutTooEarly(bytes);
    throw new JpegMalformedError('a component has no scan', structure.endOffset);
  }
  return {
    width: frame.width,
    height: frame.height,
    planes: planes as CoefficientPlane[],
    truncated: structure.truncated,
  };
}

function cutTooEarly(bytes: Uint8Array): JpegMalformedError {
  return new JpegMalformedError('data end before the whole picture', bytes.length, { truncated: true });
}

function allocatePlanes({ frame, scans }: JpegStructure): Plane[] {
  const { width, height, components } = frame;
  const horizontalMax = Math.max(...components.map(({ horizontal }) => horizontal));
  const verticalMax = Math.max(...components.map(({ vertical }) => vertical));
  const sizes = components.map(({ horizontal, vertical }) => ({
    blocksWide: Math.ceil(Math.ceil((width * horizontal) / horizontalMax) / 8),
    blocksHigh: Math.ceil(Math.ceil((height * vertical) / verticalMax) / 8),
  }));
  const blocks = sizes.reduce((sum, { blocksWide, blocksHigh }) => sum + blocksWide * blocksHigh, 0);
  if (blocks * 128 > jpegLimits.coefficientBytes) throw new JpegUnsupportedError('too many coefficients', { blocks });
  // Each block takes at least one bit somewhere: a small file that claims to be huge is refused here.
  const entropyBits = 8 * scans.reduce((sum, { dataOffset, dataEnd }) => sum + dataEnd - dataOffset, 0);
  if (entropyBits < blocks) throw new JpegMalformedError('too few data for the size', scans[0]!.dataOffset, { blocks });
  const sampling = reducedSampling(components);
  return components.map(({ id }, index) => {
    const { blocksWide, blocksHigh } = sizes[index]!;
    return {
      id,
      ...sampling[index]!,
      blocksWide,
      blocksHigh,
      quantisation: null,
      coefficients: new Int16Array(blocksWide * blocksHigh * 64),
      lastPositions: new Uint8Array(blocksWide * blocksHigh),
      complete: false,
    };
  });
}

function decodeScan(
  bytes: Uint8Array,
  frame: JpegFrame,
  scan: JpegScan,
  planes: Plane[],
  tables: JpegTables,
  restartInterval: number,
): void {
  const progressive = frame.process === 'progressive';
  assertScan(scan, frame);
  const components: ScanComponent[] = scan.components.map(({ index, dcTable, acTable }) => {
    const { horizontal, vertical, quantisationTable } = frame.components[index]!;
    const plane = planes[index]!;
    if (!progressive && plane.complete) throw new JpegMalformedError('component scanned twice', scan.dataOffset);
    plane.quantisation ??= tables.quantisation[quantisationTable] ?? null;
    if (plane.quantisation === null) throw new JpegMalformedError('no quantisation table', scan.dataOffset);
    const needsDc = !progressive || (scan.spectralStart === 0 && scan.approximationHigh === 0);
    const needsAc = !progressive || scan.spectralStart > 0;
    const { blocksWide, blocksHigh, coefficients, lastPositions } = plane;
    return {
      horizontal,
      vertical,
      blocksWide,
      blocksHigh,
      coefficients,
      lastPositions,
      dc: chooseTable(needsDc, tables.dc[dcTable], scan),
      ac: chooseTable(needsAc, tables.ac[acTable], scan),
      prediction: 0,
    };
  });
  const { spectralStart, spectralEnd, approximationHigh, approximationLow } = scan;
  const horizontalMax = Math.max(...frame.components.map(({ horizontal }) => horizontal));
  const verticalMax = Math.max(...frame.components.map(({ vertical }) => vertical));
  const parameters = {
    progressive,
    spectralStart,
    spectralEnd,
    approximationHigh,
    approximationLow,
    restartInterval,
    mcusWide: Math.ceil(frame.width / (8 * horizontalMax)),
    mcusHigh: Math.ceil(frame.height / (8 * verticalMax)),
  };
  new ScanDecoder(new EntropyReader(bytes, scan.dataOffset, scan.dataEnd), parameters, components).decode();
  const isWhole = !progressive || (spectralStart === 0 && approximationHigh === 0);
  if (isWhole) for (const { index } of scan.components) planes[index]!.complete = true;
}

function assertScan(scan: JpegScan, frame: JpegFrame): void {
  const inMcu = scan.components
    .map(({ index }) => frame.components[index]!)
    .reduce((sum, { horizontal, vertical }) => sum + horizontal * vertical, 0);
  if (scan.components.length > 1 && inMcu > jpegLimits.blocksInMcu) {
    throw new JpegMalformedError('too many blocks in an MCU', scan.dataOffset, { blocks: inMcu });
  }
  if (frame.process !== 'progressive') return;
  const { spectralStart, spectralEnd, approximationHigh, approximationLow } = scan;
  const bandIsRight =
    spectralStart === 0
      ? spectralEnd === 0
      : spectralStart <= spectralEnd && spectralEnd <= 63 && scan.components.length === 1;
  const bitsAreRight =
    approximationLow <= 13 && (approximationHigh === 0 || approximationHigh === approximationLow + 1);
  if (!bandIsRight || !bitsAreRight) throw new JpegMalformedError('impossible progressive scan', scan.dataOffset);
}

/** Stands in where a progressive scan needs no table of that kind; it has no codes. */
const emptyTable: HuffmanDecoder = {
  lookup: new Uint16Array(1024),
  coefficients: new Int32Array(1024),
  largestCode: new Int32Array(17).fill(-1),
  symbolOffset: new Int32Array(17),
  symbols: new Uint8Array(0),
};

function chooseTable(needed: boolean, table: HuffmanDecoder | undefined, { dataOffset }: JpegScan): HuffmanDecoder {
  if (!needed) return emptyTable;
  if (table === undefined) throw new JpegMalformedError('no Huffman table', dataOffset);
  return table;
}
