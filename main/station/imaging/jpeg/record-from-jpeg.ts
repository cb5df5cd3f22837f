import { reducedSampling } from './coefficient-image.ts';
import { jpegLimits } from './decode-coefficients.ts';
import { JpegMalformedError, JpegUnsupportedError } from './errors.ts';
import { marker } from './markers.ts';
import { orientLosslessly } from './orient-jpeg.ts';
import { toOrientation } from './orientation.ts';
import { type JpegTables, noTables, readHuffmanTables, readQuantisationTables } from './read-tables.ts';
import { readIccProfile, stripJpeg } from './strip-jpeg.ts';
import type { JpegComponent, JpegFrame, JpegScan, JpegStructure } from './jpeg-structure.ts';
import { walkJpeg } from './walk-jpeg.ts';

export type JpegSubsampling = '444' | '422' | '420' | '440' | '411' | 'gray' | 'other';
export type JpegPhotometric = 'YBR_FULL_422' | 'RGB' | 'MONOCHROME2';
export type JpegStep = 'stripped' | 'rotated-losslessly' | 'baselined-losslessly';

/** A JPEG stream that can go into a DICOM object of transfer syntax JPEG Baseline (1.2.840.10008.1.2.4.50) as it is. */
export type JpegRecord = {
  jpeg: Uint8Array;
  /** Of the stream in `jpeg`, that is after turning. */
  width: number;
  height: number;
  components: 1 | 3;
  subsampling: JpegSubsampling;
  photometric: JpegPhotometric;
  iccProfile: Uint8Array | null;
  /** What was done to the original; none of it changes a pixel. Empty: the bytes are those of the original. */
  steps: JpegStep[];
  /** The original ended before its EOI (see docs/adr/0004-lossless-jpeg-in-typescript.md for what is then taken). */
  truncated: boolean;
};

/** Why there is no lossless way, so that a derived picture (decoded and encoded anew) must be made and declared as such. */
export type JpegDerivation = {
  needsDerivation: 'orientation-imperfect' | 'not-8-bit' | 'four-components' | 'unsupported-process';
};

/**
 * The record made of a JPEG file without changing a pixel: stripped of metadata, baseline, upright. When the file is baseline
 * and upright already, its entropy-coded data are copied bit for bit and not decoded.
 *
 * @param orientation the EXIF orientation; anything but 2..8 is upright
 * @throws JpegMalformedError when the bytes are broken, also when they end before the whole picture; JpegUnsupportedError
 * above `jpegLimits` (too many pixels, scans or coefficients: deriving wouldn't be safe either)
 */
export function recordFromJpeg(bytes: Uint8Array, orientation: number): JpegRecord | JpegDerivation {
  const structure = walkJpeg(bytes);
  const { frame, truncated } = structure;
  assertSize(structure);
  if (frame.process === 'other') return { needsDerivation: 'unsupported-process' };
  if (frame.precision !== 8) return { needsDerivation: 'not-8-bit' };
  if (frame.components.length === 4) return { needsDerivation: 'four-components' };
  if (frame.components.length !== 1 && frame.components.length !== 3) return { needsDerivation: 'unsupported-process' };

  const upright = toOrientation(orientation);
  const steps: JpegStep[] = [];
  let jpeg: Uint8Array;
  if (upright === 1 && !truncated && isBaseline(bytes, structure)) {
    jpeg = stripJpeg(bytes, structure).jpeg;
    // Stripping only ever takes away, but for the EOI of a truncated file, which isn't dealt with here.
    if (jpeg.length !== bytes.length) steps.push('stripped');
  } else {
    const turned = turnOrNull(bytes, upright, structure);
    if (turned === 'unsupported') return { needsDerivation: 'unsupported-process' };
    if (turned === null) return { needsDerivation: 'orientation-imperfect' };
    jpeg = turned;
    steps.push('stripped');
    if (upright !== 1) steps.push('rotated-losslessly');
    if (upright === 1 || frame.process !== 'baseline') steps.push('baselined-losslessly');
  }
  const transposed = upright >= 5;
  return {
    jpeg,
    width: transposed ? frame.height : frame.width,
    height: transposed ? frame.width : frame.height,
    components: frame.components.length,
    subsampling: subsamplingOf(frame.components, transposed),
    photometric: photometricOf(structure),
    iccProfile: readIccProfile(bytes, structure),
    steps,
    truncated,
  };
}

function assertSize({ frame, scans }: JpegStructure): void {
  if (frame.width * frame.height > jpegLimits.pixels) {
    throw new JpegUnsupportedError('too many pixels', { width: frame.width, height: frame.height });
  }
  if (scans.length > jpegLimits.scans) throw new JpegUnsupportedError('too many scans', { count: scans.length });
}

function turnOrNull(
  bytes: Uint8Array,
  orientation: ReturnType<typeof toOrientation>,
  structure: JpegStructure,
): Uint8Array | null | 'unsupported' {
  try {
    return orientLosslessly(bytes, orientation, structure);
  } catch (error) {
    if (error instanceof JpegUnsupportedError) return 'unsupported';
    throw error;
  }
}

/**
 * True when every decoder of baseline can read the stream as it is: SOF0, 8-bit quantisation tables, Huffman tables 0 and 1
 * only (T.81 table B.5).
 *
 * @throws JpegMalformedError when a table is broken or missing, or when a component has no scan or two
 */
function isBaseline(bytes: Uint8Array, { frame, segments, scans }: JpegStructure): boolean {
  if (frame.process !== 'baseline') return false;
  const tables = noTables();
  let wide = false;
  for (const segment of segments) {
    if (segment.marker === marker.DQT) wide = readQuantisationTables(bytes, segment, tables) || wide;
    else if (segment.marker === marker.DHT) readHuffmanTables(bytes, segment, tables);
    else if (segment.scan !== null) assertTables(segment.scan, frame, tables);
  }
  const scanned = scans.flatMap(({ components }) => components);
  if (
    scanned.length !== frame.components.length ||
    new Set(scanned.map(({ index }) => index)).size !== scanned.length
  ) {
    throw new JpegMalformedError('not one scan per component', scans[0]!.dataOffset);
  }
  return !wide && scanned.every(({ dcTable, acTable }) => dcTable <= 1 && acTable <= 1);
}

function assertTables(scan: JpegScan, frame: JpegFrame, tables: JpegTables): void {
  for (const { index, dcTable, acTable } of scan.components) {
    const quantisation = tables.quantisation[frame.components[index]!.quantisationTable];
    if (!quantisation || !tables.dc[dcTable] || !tables.ac[acTable]) {
      throw new JpegMalformedError('a table is missing', scan.dataOffset);
    }
  }
}

function subsamplingOf(components: readonly JpegComponent[], transposed: boolean): JpegSubsampling {
  if (components.length === 1) return 'gray';
  const [luminance, ...chrominance] = reducedSampling(components);
  if (chrominance.some(({ horizontal, vertical }) => horizontal !== 1 || vertical !== 1)) return 'other';
  const { horizontal, vertical } = luminance!;
  const known: Record<string, JpegSubsampling> = {
    '1x1': '444',
    '2x1': '422',
    '2x2': '420',
    '1x2': '440',
    '4x1': '411',
  };
  return known[transposed ? `${vertical}x${horizontal}` : `${horizontal}x${vertical}`] ?? 'other';
}

/** The colour space as libjpeg tells it: JFIF is always YCbCr, else Adobe says it, else components named R, G, B do. */
function photometricOf({ frame, hasJfif, adobeTransform }: JpegStructure): JpegPhotometric {
  if (frame.components.length === 1) return 'MONOCHROME2';
  if (hasJfif) return 'YBR_FULL_422';
  if (adobeTransform !== null) return adobeTransform === 0 ? 'RGB' : 'YBR_FULL_422';
  const ids = String.fromCharCode(...frame.components.map(({ id }) => id));
  return ids === 'RGB' ? 'RGB' : 'YBR_FULL_422';
}
