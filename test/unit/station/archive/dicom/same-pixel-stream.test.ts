import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { samePixelStream } from '../../../../../main/station/archive/dicom/same-pixel-stream.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const stream = Uint8Array.from([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]);
const isSame = (bytes: Uint8Array) => samePixelStream(bytes, stream.length, sha256(stream));

test('the stream is itself, also with one zero byte of padding behind it', () => {
  expect(isSame(stream)).toBe(true);
  expect(isSame(Uint8Array.from([...stream, 0]))).toBe(true);
});

test('every other byte, a byte less, another pad and a second pad are other streams', () => {
  for (let at = 0; at < stream.length; at++)
    for (let bit = 0; bit < 8; bit++) {
      const changed = Uint8Array.from(stream);
      changed[at]! ^= 1 << bit;
      expect(isSame(changed)).toBe(false);
    }
  expect(isSame(stream.subarray(0, -1))).toBe(false);
  for (let pad = 1; pad <= 0xff; pad++) expect(isSame(Uint8Array.from([...stream, pad]))).toBe(false);
  expect(isSame(Uint8Array.from([...stream, 0, 0]))).toBe(false);
  expect(isSame(new Uint8Array())).toBe(false);
});

test('nothing expected is nothing proven: an empty stream, or a length that is none, matches nothing', () => {
  const empty = new Uint8Array();
  for (const length of [0, -1]) expect(samePixelStream(empty, length, sha256(empty))).toBe(false);
  expect(samePixelStream(stream, stream.length, '')).toBe(false);
  // A hash of other length than is told is no proof of that length.
  expect(samePixelStream(stream, stream.length + 1, sha256(stream))).toBe(false);
});

test('a prefix that ends where the expected one ends is compared by its bytes, not by its length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.uint8Array({ maxLength: 42 }), (expected, told) => {
      const equal =
        Buffer.from(told).equals(expected) || Buffer.from(told).equals(Buffer.concat([expected, Buffer.of(0)]));
      expect(samePixelStream(told, expected.length, sha256(expected))).toBe(equal);
    }),
  );
});
