import { describe, expect, test } from 'vitest';
import { JpegMalformedError, JpegUnsupportedError, walkJpeg } from '../../../../../main/station/imaging/jpeg/index.ts';
import { makeJpeg, makeSegment, withSegments } from './jpeg-tools.ts';

function offsetOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    if (error instanceof JpegMalformedError) return error.details['offset'];
  }
  return null;
}

describe('walkJpeg', () => {
  test('says what the file is', () => {
    const structure = walkJpeg(makeJpeg(61, 47, '-sample', '2x1', '-restart', '5B'));
    expect(structure.frame).toMatchObject({ process: 'baseline', precision: 8, width: 61, height: 47 });
    expect(structure.frame.components[0]).toMatchObject({ id: 1, horizontal: 2, vertical: 1 });
    expect(structure).toMatchObject({ restartInterval: 5, hasJfif: true, adobeTransform: null, truncated: false });
    expect(structure).toMatchObject({ trailingBytes: 0, strayBytes: 0, exif: null, iccChunks: null });
    expect(walkJpeg(makeJpeg(61, 47, '-progressive')).scans.length).toBeGreaterThan(5);
    expect(walkJpeg(makeJpeg(61, 47, '-rgb')).adobeTransform).toBe(0);
    expect(walkJpeg(makeJpeg(61, 47, '-arithmetic')).frame.process).toBe('other');
  });

  test('finds the true EOI, not one in a thumbnail before or a picture after', () => {
    const picture = makeJpeg(61, 47);
    const other = makeJpeg(32, 32);
    const file = Buffer.concat([withSegments(picture, makeSegment(0xe1, other)), other]);
    expect(walkJpeg(file)).toMatchObject({ endOffset: file.length - other.length, trailingBytes: other.length });
  });

  test('finds the EXIF data', () => {
    const file = withSegments(makeJpeg(16, 16), makeSegment(0xe1, 'Exif\0\0MM\0*rest'));
    const { exif } = walkJpeg(file);
    expect(file.subarray(exif!.offset, exif!.offset + exif!.length).toString('latin1')).toBe('MM\0*rest');
  });

  test('takes fill bytes and stray bytes between segments as libjpeg does', () => {
    const file = withSegments(makeJpeg(16, 16), Buffer.from([0, 0xff, 0, 7]), Buffer.from([0xff, 0xff, 0xff]));
    expect(walkJpeg(file).strayBytes).toBe(4);
  });

  test('a missing end is truncated after a scan began, malformed before', () => {
    const file = makeJpeg(61, 47);
    const scan = walkJpeg(file).scans[0]!;
    expect(walkJpeg(file.subarray(0, -1)).truncated).toBe(true);
    expect(walkJpeg(file.subarray(0, scan.dataOffset + 5))).toMatchObject({ truncated: true, trailingBytes: 0 });
    for (let length = 0; length < scan.dataOffset; length++) {
      expect(() => walkJpeg(file.subarray(0, length))).toThrow(JpegMalformedError);
    }
  });

  test('names where it is broken', () => {
    const file = makeJpeg(61, 47);
    const frame = file.indexOf(Buffer.from([0xff, 0xc0]));
    const edited = (at: number, value: number): Buffer => {
      const copy = Buffer.from(file);
      copy[at] = value;
      return copy;
    };
    expect(offsetOf(() => walkJpeg(Buffer.from('not a jpeg')))).toBe(0);
    expect(offsetOf(() => walkJpeg(edited(frame + 3, 16)))).toBe(frame);
    expect(offsetOf(() => walkJpeg(edited(frame + 11, 0x50)))).toBe(frame + 10);
    expect(offsetOf(() => walkJpeg(withSegments(file, Buffer.from([0xff, 0xd8]))))).toBe(2);
    expect(offsetOf(() => walkJpeg(withSegments(file, makeSegment(0x42, ''))))).toBe(2);
    expect(offsetOf(() => walkJpeg(withSegments(file, Buffer.from([0xff, 0xe1, 0, 1]))))).toBe(2);
  });

  test('hierarchical files and heights told later are unsupported', () => {
    const file = makeJpeg(16, 16);
    expect(() => walkJpeg(withSegments(file, makeSegment(0xde, 'x')))).toThrow(JpegUnsupportedError);
    file.writeUInt16BE(0, file.indexOf(Buffer.from([0xff, 0xc0])) + 5);
    expect(() => walkJpeg(file)).toThrow(JpegUnsupportedError);
  });

  test('a file of empty segments only is refused, not listed', () => {
    expect(() =>
      walkJpeg(Buffer.concat([Buffer.from([0xff, 0xd8]), ...Array(30_000).fill(makeSegment(0xfe, ''))])),
    ).toThrow(JpegMalformedError);
  });
});
