import { JpegMalformedError, JpegUnsupportedError } from './errors.ts';
import { findAdobeTransform, findExif, findIcc, isJfif } from './application-segments.ts';
import type { JpegComponent, JpegFrame, JpegScan, JpegSegment, JpegStructure } from './jpeg-structure.ts';
import { marker } from './markers.ts';
import { readUint16 } from './read-uint16.ts';

/** A hundred times more than real files have; keeps the list of a hostile file small. */
const MAX_SEGMENTS = 20_000;

/**
 * Walks the segments of a JPEG up to its true EOI, found by going through the entropy-coded data (a thumbnail's EOI or one
 * in a trailer is never taken for it). Nothing is decoded.
 *
 * @throws JpegMalformedError when a segment is broken, JpegUnsupportedError for hierarchical files and those that tell
 * their height only after the first scan (DNL).
 */
export function walkJpeg(bytes: Uint8Array): JpegStructure {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== marker.SOI) throw new JpegMalformedError('no SOI', 0);
  const segments: JpegSegment[] = [];
  const scans: JpegScan[] = [];
  let frame: JpegFrame | null = null;
  let restartInterval = 0;
  let strayBytes = 0;
  let at = 2;
  let truncated = true;

  while (at < bytes.length) {
    const found = nextMarker(bytes, at);
    if (found === null) {
      strayBytes += bytes.length - at;
      break;
    }
    strayBytes += found.stray;
    const { code, offset } = found;
    if (code === marker.EOI) {
      at = offset + 2;
      truncated = false;
      break;
    }
    at = offset + 2;
    if (code === marker.TEM || (code >= marker.RST0 && code <= marker.RST7)) {
      strayBytes += 2;
      continue;
    }
    if (code === marker.SOI) throw new JpegMalformedError('second SOI', offset);
    if (code === marker.DHP || code === marker.EXP) throw new JpegUnsupportedError('hierarchical JPEG');
    if (code === marker.DNL) throw new JpegUnsupportedError('number of lines defined after the scan');
    if (!isSegment(code)) throw new JpegMalformedError('unknown marker', offset, { marker: code });
    if (segments.length === MAX_SEGMENTS) throw new JpegMalformedError('too many segments', offset);

    const length = at + 2 <= bytes.length ? readUint16(bytes, at) : 0;
    if (at + 2 > bytes.length || at + length > bytes.length) {
      // Cut inside a segment: after a scan the file is merely truncated, before it there is no picture.
      if (scans.length > 0) break;
      throw new JpegMalformedError('segment is longer than the data', offset, { marker: code });
    }
    if (length < 2) throw new JpegMalformedError('segment length below 2', offset, { marker: code });
    const segment: JpegSegment = { marker: code, offset, dataOffset: at + 2, dataLength: length - 2, scan: null };
    segments.push(segment);
    at += length;

    if (isFrame(code)) {
      if (frame !== null) throw new JpegMalformedError('second frame header', offset);
      frame = readFrame(bytes, segment);
    } else if (code === marker.DRI) {
      if (segment.dataLength !== 2) throw new JpegMalformedError('restart interval of wrong length', offset);
      restartInterval = readUint16(bytes, segment.dataOffset);
    } else if (code === marker.SOS) {
      if (frame === null) throw new JpegMalformedError('scan before the frame header', offset);
      segment.scan = readScan(bytes, segment, frame, at);
      scans.push(segment.scan);
      at = segment.scan.dataEnd;
    }
  }
  if (frame === null) throw new JpegMalformedError('no frame header', at);
  if (scans.length === 0) throw new JpegMalformedError('no scan', at);
  const endOffset = truncated ? bytes.length : at;
  const icc = findIcc(bytes, segments);
  return {
    segments,
    frame,
    scans,
    restartInterval,
    hasJfif: segments.some((segment) => isJfif(bytes, segment)),
    adobeTransform: findAdobeTransform(bytes, segments),
    iccChunks: icc === 'broken' ? null : icc,
    iccBroken: icc === 'broken',
    exif: findExif(bytes, segments),
    endOffset,
    trailingBytes: bytes.length - endOffset,
    strayBytes,
    truncated,
  };
}

function nextMarker(bytes: Uint8Array, from: number): { code: number; offset: number; stray: number } | null {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at)) {
    const firstFill = at;
    while (bytes[at + 1] === 0xff) at++;
    const code = bytes[at + 1];
    if (code === undefined) return null;
    if (code !== 0) return { code, offset: at, stray: firstFill - from };
    at += 2;
  }
  return null;
}

function isFrame(code: number): boolean {
  if (code === marker.SOF55) return true;
  return code >= marker.SOF0 && code <= marker.SOF15 && code !== marker.DHT && code !== marker.DAC;
}

function isSegment(code: number): boolean {
  return (code >= marker.SOF0 && code <= marker.APP15) || code === marker.SOF55 || code === marker.COM;
}

function processOf(code: number): JpegFrame['process'] {
  if (code === marker.SOF0) return 'baseline';
  if (code === marker.SOF1) return 'extended';
  return code === marker.SOF2 ? 'progressive' : 'other';
}

function readFrame(bytes: Uint8Array, { dataOffset, dataLength, offset, marker: code }: JpegSegment): JpegFrame {
  const count = dataLength < 6 ? 0 : bytes[dataOffset + 5]!;
  if (count === 0 || dataLength !== 6 + 3 * count) throw new JpegMalformedError('frame header of wrong length', offset);
  const height = readUint16(bytes, dataOffset + 1);
  const width = readUint16(bytes, dataOffset + 3);
  if (width === 0) throw new JpegMalformedError('width is 0', offset);
  if (height === 0) throw new JpegUnsupportedError('number of lines defined after the scan');
  const process = processOf(code);
  const components: JpegComponent[] = [];
  for (let at = dataOffset + 6; components.length < count; at += 3) {
    const horizontal = bytes[at + 1]! >> 4;
    const vertical = bytes[at + 1]! & 15;
    const inRange = horizontal >= 1 && horizontal <= 4 && vertical >= 1 && vertical <= 4;
    if (!inRange && process !== 'other') throw new JpegMalformedError('sampling factor out of range', at);
    components.push({ id: bytes[at]!, horizontal, vertical, quantisationTable: bytes[at + 2]! });
  }
  return { marker: code, process, precision: bytes[dataOffset]!, width, height, components };
}

function readScan(bytes: Uint8Array, segment: JpegSegment, frame: JpegFrame, dataOffset: number): JpegScan {
  const { dataOffset: at, dataLength, offset } = segment;
  const count = dataLength < 1 ? 0 : bytes[at]!;
  if (count < 1 || count > 4 || dataLength !== 4 + 2 * count) {
    throw new JpegMalformedError('scan header of wrong length', offset);
  }
  const components: JpegScan['components'] = [];
  for (let entry = at + 1; components.length < count; entry += 2) {
    // Some writers repeat an id; then the components are meant in their order, as libjpeg reads them.
    const index = frame.components.findIndex(
      ({ id }, candidate) => id === bytes[entry] && !components.some((used) => used.index === candidate),
    );
    if (index === -1) throw new JpegMalformedError('scan of an unknown component', entry);
    components.push({ index, dcTable: bytes[entry + 1]! >> 4, acTable: bytes[entry + 1]! & 15 });
  }
  const parameters = at + 1 + 2 * count;
  return {
    components,
    spectralStart: bytes[parameters]!,
    spectralEnd: bytes[parameters + 1]!,
    approximationHigh: bytes[parameters + 2]! >> 4,
    approximationLow: bytes[parameters + 2]! & 15,
    dataOffset,
    dataEnd: findScanEnd(bytes, dataOffset),
  };
}

/** The first byte that isn't entropy-coded data any more: the 0xFF of a marker that isn't RSTn, or the end of the data. */
function findScanEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at)) {
    const start = at;
    while (bytes[at + 1] === 0xff) at++;
    const code = bytes[at + 1];
    if (code === undefined) return start;
    if (code !== 0 && (code < marker.RST0 || code > marker.RST7)) return start;
    at += 2;
  }
  return bytes.length;
}
