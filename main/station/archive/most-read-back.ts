/**
 * Most bytes that are taken in when an archive gives a picture back whose stream is `pixelLength` bytes: more it cannot truthfully
 * send, even decompressed.
 */
export function mostReadBack(pixelLength: number): number {
  return 4 * pixelLength + 64 * 1024 * 1024;
}
