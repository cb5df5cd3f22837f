export { createImaging, type ImagingOptions } from './create-imaging.ts';
export { ImagingFailedError, type ImagingFailure } from './errors.ts';
export { groupCaptures, type CaptureGroup, type GroupableItem } from './group-captures.ts';
export { isHousekeeping } from './housekeeping.ts';
export { ITEM_KINDS, RAW_KINDS, isPicture, isRaw, isSidecar, isVideo, type ItemKind } from './item-kind.ts';
export { KIND_BYTES, kindOf } from './kind-of.ts';
export type {
  Camera,
  CannotReason,
  CapturedAt,
  ColorSpace,
  Derivation,
  Exposure,
  ImageSource,
  Imaging,
  Inspection,
  Metadata,
  PreparedRecord,
  Rendering,
  RenderSize,
  Thumbnail,
} from './types.ts';
