import { reducedSampling } from './coefficient-image.ts';
import { assertDecodable, decodeCoefficients } from './decode-coefficients.ts';
import { encodeBaseline } from './encode-baseline.ts';
import { isPerfect, type Orientation, turnOf } from './orientation.ts';
import { colourHeaders } from './strip-jpeg.ts';
import type { JpegStructure } from './jpeg-structure.ts';
import { walkJpeg } from './walk-jpeg.ts';

/**
 * Turns a JPEG upright without losing anything: the quantised coefficients are moved and the entropy coding is written anew,
 * as a stripped baseline JPEG (JFIF and Adobe headers stay; EXIF, ICC and the like don't, see `stripJpeg`).
 *
 * @param orientation the EXIF orientation of the stored picture
 * @param structure what `walkJpeg` said of these bytes, when already known
 * @returns null when MCUs cut by the edge make a lossless turn impossible
 * @throws JpegMalformedError, JpegUnsupportedError
 */
export function orientLosslessly(
  bytes: Uint8Array,
  orientation: Orientation,
  structure: JpegStructure = walkJpeg(bytes),
): Uint8Array | null {
  assertDecodable(structure);
  const { frame } = structure;
  const turn = turnOf(orientation);
  if (!isPerfect(turn, frame.width, frame.height, reducedSampling(frame.components))) return null;
  return encodeBaseline(decodeCoefficients(bytes, structure), turn, colourHeaders(bytes, structure, turn.transpose));
}

/** A progressive or extended 8-bit JPEG as a baseline one with the same coefficients, stripped. Errors as `orientLosslessly`. */
export function toBaseline(bytes: Uint8Array, structure: JpegStructure = walkJpeg(bytes)): Uint8Array {
  const image = decodeCoefficients(bytes, structure);
  return encodeBaseline(image, turnOf(1), colourHeaders(bytes, structure, false));
}
