import { createHash } from 'node:crypto';

/**
 * Whether `stream` is the pixel stream of known length and SHA-256, with at most one zero byte of padding behind it.
 * This is the comparison that erasing rests on.
 */
export function samePixelStream(stream: Uint8Array, expectedLength: number, expectedSha256: string): boolean {
  if (expectedLength <= 0 || stream.byteLength < expectedLength || stream.byteLength > expectedLength + 1) return false;
  if (stream.byteLength > expectedLength && stream[expectedLength] !== 0) return false;
  return createHash('sha256').update(stream.subarray(0, expectedLength)).digest('hex') === expectedSha256;
}
