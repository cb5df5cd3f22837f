import type { ItemKind } from './item-kind.ts';

/** A picture to look at. `read` may be called more than once; it gives the decrypted bytes from the start. */
export type ImageSource = { kind: ItemKind; size: number; read(): AsyncIterable<Uint8Array> };

export type Thumbnail = { mediaType: 'image/jpeg'; bytes: Buffer; width: number; height: number };

export type ColorSpace = 'srgb' | 'adobe-rgb' | 'unknown';

/** What the camera says of the time. It has no zone unless the camera wrote one, and none is made up. */
export type CapturedAt = {
  /** `YYYY-MM-DDTHH:mm:ss[.sss]` */
  local: string | null;
  /** `+01:00` */
  offset: string | null;
  source: 'exif-original-with-offset' | 'exif-original' | 'exif-digitized' | 'none';
};

export type Camera = {
  make: string | null;
  model: string | null;
  serial: string | null;
  lensMake: string | null;
  lensModel: string | null;
  lensSerial: string | null;
  software: string | null;
};

/** EXIF values by their own codes and units, for the VL Photographic Acquisition module (DICOM PS3.3 C.8.12.11, PS3.17 NNNN). */
export type Exposure = {
  exposureTimeSeconds: number | null;
  fNumber: number | null;
  exposureProgram: number | null;
  iso: number | null;
  sensitivityType: number | null;
  shutterSpeedValue: number | null;
  apertureValue: number | null;
  brightnessValue: number | null;
  exposureBias: number | null;
  maxApertureValue: number | null;
  subjectDistanceMetres: number | null;
  meteringMode: number | null;
  lightSource: number | null;
  flash: number | null;
  /** Millimetres. */
  focalLength: number | null;
  focalLengthIn35mm: number | null;
  exposureIndex: number | null;
  sensingMethod: number | null;
  fileSource: number | null;
  sceneType: number | null;
  customRendered: number | null;
  exposureMode: number | null;
  whiteBalance: number | null;
  digitalZoomRatio: number | null;
  sceneCaptureType: number | null;
  gainControl: number | null;
  contrast: number | null;
  saturation: number | null;
  sharpness: number | null;
  subjectDistanceRange: number | null;
  /** Shortest and longest focal length in mm, then the smallest F number at each. */
  lensSpecification: (number | null)[] | null;
};

/** What the metadata of a picture say. Position, owner, comments and maker notes never get into it. */
export type Metadata = {
  /** EXIF 1..8, already applied to width, height and thumbnail. */
  orientation: number;
  capturedAt: CapturedAt;
  camera: Camera;
  exposure: Exposure;
  colorSpace: ColorSpace;
  /** Apple's identifiers: the same in the parts of a Live Photo, and in all pictures of a burst. */
  liveId: string | null;
  burstId: string | null;
  /** Only the fact that a position is in the file. */
  hasGps: boolean;
};

export type Inspection = Metadata & {
  display: 'ok' | 'cannot';
  /** Why it cannot be displayed. */
  reason: CannotReason | null;
  /** Some of the file is broken; what could be decoded is shown. */
  damaged: boolean;
  /** Upright pixels; for RAW those of the preview in it. `null` when unknown. */
  width: number | null;
  height: number | null;
  thumbnail: Thumbnail | null;
  /** Variance of the Laplacian of the thumbnail's grey values: low when nothing in it is sharp. */
  sharpnessScore: number | null;
};

export const CANNOT_REASONS = [
  'unsupported',
  'malformed',
  'too-large',
  'no-preview',
  'decoder-crashed',
  'decoder-timeout',
  'decoder-memory',
] as const;
export type CannotReason = (typeof CANNOT_REASONS)[number];

export type Rendering = { mediaType: 'image/jpeg'; bytes: Buffer; width: number; height: number };
export type RenderSize = 'screen' | 'full';

export type Derivation = {
  method: 'heic-to-jpeg' | 'raw-preview' | 'rotated-reencoded' | 'transcoded-to-jpeg';
  /** English, for DerivationDescription (0008,2111). */
  description: string;
  /** The source itself was compressed with loss. */
  lossyPrevious: boolean;
};

/** The JPEG that becomes the pixel data of the DICOM object, without any metadata in it. */
export type PreparedRecord = {
  jpeg: Buffer;
  /** Of `jpeg`. */
  sha256: string;
  width: number;
  height: number;
  components: number;
  photometric: 'YBR_FULL_422' | 'RGB' | 'MONOCHROME2';
  iccProfile: Buffer | null;
  colorSpace: ColorSpace;
  derivation: 'none' | Derivation;
  /** What was done to the source's stream, in order. */
  steps: string[];
  /** Uncompressed size / size of `jpeg`. */
  compressionRatio: number;
};

export type Imaging = {
  /** Looks at an item once: never rejects because of what is in it. */
  inspect(source: ImageSource, signal?: AbortSignal): Promise<Inspection>;
  /** The thumbnail the camera put into the file, upright, read from the first bytes only; `null` when there is none. */
  quickThumbnail(source: ImageSource, signal?: AbortSignal): Promise<Thumbnail | null>;
  render(source: ImageSource, size: RenderSize, signal?: AbortSignal): Promise<Rendering>;
  prepareRecord(source: ImageSource, signal?: AbortSignal): Promise<PreparedRecord>;
  /** Ends all processes; what waits is rejected with `imaging-closed`. */
  close(): Promise<void>;
};
