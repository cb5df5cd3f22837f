import { DicomJpegError } from './errors.ts';
import type { JpegRecord } from './instance-input.ts';

const soi = 0xd8;
const eoi = 0xd9;
const startOfScan = 0xda;
const startOfFrameBaseline = 0xc0;

/**
 * The last look before a stream is wrapped as JPEG Baseline (Process 1): it is baseline, 8 bits, of the stated size, ends in
 * EOI, and bears no segment that could hold GPS, owner or maker data (only APP0 JFIF and APP14 Adobe may stay).
 * @throws DicomJpegError
 */
export function checkJpeg(record: JpegRecord): void {
  const bytes = Buffer.from(record.jpeg.buffer, record.jpeg.byteOffset, record.jpeg.byteLength);
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== soi) throw new DicomJpegError('no SOI marker');
  if (bytes[bytes.length - 2] !== 0xff || bytes[bytes.length - 1] !== eoi)
    throw new DicomJpegError('does not end in EOI');
  let frames = 0;
  for (let at = 2; ;) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff) throw new DicomJpegError('broken marker', { offset: at });
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || at + 2 + length > bytes.length) throw new DicomJpegError('segment cut short', { offset: at });
    if (marker === startOfScan) break;
    if (isFrame(marker)) {
      frames += 1;
      checkFrame(marker, segment, record);
    }
    if (!mayStay(marker)) throw new DicomJpegError('metadata segment left in the stream', { marker });
    at += 2 + length;
  }
  if (frames !== 1) throw new DicomJpegError('not exactly one frame header', { frames });
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function checkFrame(marker: number, segment: Buffer, record: JpegRecord): void {
  if (marker !== startOfFrameBaseline) throw new DicomJpegError('not baseline', { marker });
  if (segment.length < 6 || segment[0] !== 8) throw new DicomJpegError('not 8 bits a sample');
  const [height, width, components] = [segment.readUInt16BE(1), segment.readUInt16BE(3), segment.readUInt8(5)];
  if (height !== record.height || width !== record.width || components !== record.components) {
    throw new DicomJpegError('size or components differ from the record', { height, width, components });
  }
  if ((components === 1) !== (record.photometric === 'MONOCHROME2'))
    throw new DicomJpegError('photometric does not fit');
}

function mayStay(marker: number): boolean {
  if (marker === 0xfe) return false; // COM
  return marker < 0xe0 || marker > 0xef || marker === 0xe0 || marker === 0xee;
}
