export { buildInstance, type BuiltInstance } from './build-instance.ts';
export { DicomJpegError, DicomParseError, DicomValueError } from './errors.ts';
export type * from './instance-input.ts';
export { pixelStreamOf, pixelStreamOfDataset, type PixelStream } from './pixel-stream.ts';
export { samePixelStream } from './same-pixel-stream.ts';
export { readPart10, type Part10Header } from './read-part10.ts';
export { silenceDcmjs } from './silence-dcmjs.ts';
export { newUid } from './uid.ts';
export { jpegBaseline, vlPhotographicImageStorage } from './uids.ts';
