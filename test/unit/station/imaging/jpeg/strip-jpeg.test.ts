import { describe, expect, test } from 'vitest';
import { stripJpeg, walkJpeg } from '../../../../../main/station/imaging/jpeg/index.ts';
import { decodePixels, makeJpeg, makeSegment, withSegments } from './jpeg-tools.ts';

const secret = 'DOE^JANE 51.5007N';

function iccPart(sequence: number, total: number, data: string): Buffer {
  return makeSegment(0xe2, `ICC_PROFILE\0${String.fromCharCode(sequence, total)}${data}`);
}

describe('stripJpeg', () => {
  test('a plain JPEG comes out as it was', () => {
    const plain = makeJpeg(61, 47, '-restart', '2B');
    expect(Buffer.from(stripJpeg(plain).jpeg).equals(plain)).toBe(true);
  });

  test('nothing but the picture stays, and that bit for bit', () => {
    for (const options of [[], ['-progressive'], ['-rgb'], ['-grayscale', '-restart', '1']]) {
      const plain = makeJpeg(61, 47, ...options);
      const thumbnail = makeJpeg(16, 16);
      const scan = walkJpeg(plain).segments.find(({ scan }) => scan !== null)!;
      const loaded = Buffer.concat([
        withSegments(
          plain.subarray(0, scan.offset),
          makeSegment(0xe1, Buffer.concat([Buffer.from(`Exif\0\0II*\0${secret}`), thumbnail])),
          makeSegment(0xe0, `JFXX\0\x10${secret}`),
          makeSegment(0xe2, `MPF\0${secret}`),
          makeSegment(0xed, `Photoshop 3.0\0${secret}`),
          makeSegment(0xee, `Other\0${secret}`),
          makeSegment(0xfe, secret),
        ),
        makeSegment(0xfe, secret),
        plain.subarray(scan.offset),
        thumbnail,
        Buffer.from(secret),
      ]);
      const { jpeg } = stripJpeg(loaded);
      expect(Buffer.from(jpeg).equals(plain)).toBe(true);
      expect(walkJpeg(loaded).trailingBytes).toBe(thumbnail.length + secret.length);
    }
  });

  test('the JFIF header loses its thumbnail, the Adobe header its tail', () => {
    const plain = makeJpeg(61, 47, '-rgb'); // has Adobe, no JFIF
    const adobe = walkJpeg(plain).segments.find(({ marker }) => marker === 0xee)!;
    const withoutAdobe = Buffer.concat([plain.subarray(0, adobe.offset), plain.subarray(adobe.dataOffset + 12)]);
    const jfif = makeSegment(0xe0, `JFIF\0\x01\x02\0\0\x01\0\x01\x05\x01${'GPS'.repeat(5)}`);
    const longAdobe = makeSegment(
      0xee,
      Buffer.concat([plain.subarray(adobe.dataOffset, adobe.dataOffset + 12), Buffer.from(secret)]),
    );
    const { jpeg } = stripJpeg(withSegments(withoutAdobe, jfif, longAdobe));
    expect(Buffer.from(jpeg).includes('GPS')).toBe(false);
    expect(Buffer.from(jpeg).includes(secret)).toBe(false);
    expect(walkJpeg(jpeg)).toMatchObject({ hasJfif: true, adobeTransform: 0 });
    expect(jpeg.length).toBe(plain.length + 18);
  });

  test('the ICC profile is put together in the order of its parts', () => {
    const first = 'a'.repeat(100);
    const second = 'b'.repeat(60);
    const plain = makeJpeg(16, 16);
    const { jpeg, iccProfile } = stripJpeg(withSegments(plain, iccPart(2, 2, second), iccPart(1, 2, first)));
    expect(Buffer.from(iccProfile!).toString()).toBe(first + second);
    expect(Buffer.from(jpeg).equals(plain)).toBe(true);
  });

  test.each([
    ['a part is missing', [iccPart(1, 2, 'a'.repeat(200))]],
    ['a part is there twice', [iccPart(1, 2, 'a'.repeat(200)), iccPart(1, 2, 'b'.repeat(200))]],
    ['a part has number 0', [iccPart(0, 1, 'a'.repeat(200))]],
    ['the parts disagree', [iccPart(1, 2, 'a'.repeat(200)), iccPart(2, 3, 'b'.repeat(200))]],
  ])('no ICC profile when %s', (_, parts) => {
    const jpeg = withSegments(makeJpeg(16, 16), ...parts);
    expect(walkJpeg(jpeg).iccBroken).toBe(true);
    expect(stripJpeg(jpeg).iccProfile).toBeNull();
  });

  test('a missing EOI is added', () => {
    const plain = makeJpeg(61, 47);
    const { jpeg } = stripJpeg(plain.subarray(0, -2));
    expect(decodePixels(jpeg).equals(decodePixels(plain))).toBe(true);
  });
});
