export { JpegMalformedError, JpegUnsupportedError } from './errors.ts';
export { jpegLimits } from './decode-coefficients.ts';
export { type Orientation, toOrientation } from './orientation.ts';
export { orientLosslessly, toBaseline } from './orient-jpeg.ts';
export {
  type JpegDerivation,
  type JpegPhotometric,
  type JpegRecord,
  type JpegStep,
  type JpegSubsampling,
  recordFromJpeg,
} from './record-from-jpeg.ts';
export { readIccProfile, stripJpeg } from './strip-jpeg.ts';
export type { ByteRange, JpegFrame, JpegScan, JpegSegment, JpegStructure } from './jpeg-structure.ts';
export { walkJpeg } from './walk-jpeg.ts';
