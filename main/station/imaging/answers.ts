import { z } from 'zod';

import { CANNOT_REASONS } from './types.ts';

/**
 * What the child may answer. It has parsed hostile bytes, so the station believes nothing that has not exactly this shape:
 * unknown keys are dropped, texts are short, numbers are finite.
 */
const Text = z.string().max(128).nullable();
const Value = z.number().nullable();
const Edge = z.number().int().min(1).max(1_000_000);
const Size = z.object({ width: Edge, height: Edge });
const ColorSpace = z.enum(['srgb', 'adobe-rgb', 'unknown']);

const Exposure = z.object({
  exposureTimeSeconds: Value,
  fNumber: Value,
  exposureProgram: Value,
  iso: Value,
  sensitivityType: Value,
  shutterSpeedValue: Value,
  apertureValue: Value,
  brightnessValue: Value,
  exposureBias: Value,
  maxApertureValue: Value,
  subjectDistanceMetres: Value,
  meteringMode: Value,
  lightSource: Value,
  flash: Value,
  focalLength: Value,
  focalLengthIn35mm: Value,
  exposureIndex: Value,
  sensingMethod: Value,
  fileSource: Value,
  sceneType: Value,
  customRendered: Value,
  exposureMode: Value,
  whiteBalance: Value,
  digitalZoomRatio: Value,
  sceneCaptureType: Value,
  gainControl: Value,
  contrast: Value,
  saturation: Value,
  sharpness: Value,
  subjectDistanceRange: Value,
  lensSpecification: z.array(Value).length(4).nullable(),
});

export const InspectionSchema = z.object({
  display: z.enum(['ok', 'cannot']),
  reason: z.enum(CANNOT_REASONS).nullable(),
  damaged: z.boolean(),
  width: Edge.nullable(),
  height: Edge.nullable(),
  orientation: z.number().int().min(1).max(8),
  thumbnail: Size.nullable(),
  sharpnessScore: Value,
  capturedAt: z.object({
    local: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?$/u)
      .nullable(),
    offset: z
      .string()
      .regex(/^[+-]\d\d:\d\d$/u)
      .nullable(),
    source: z.enum(['exif-original-with-offset', 'exif-original', 'exif-digitized', 'none']),
  }),
  camera: z.object({
    make: Text,
    model: Text,
    serial: Text,
    lensMake: Text,
    lensModel: Text,
    lensSerial: Text,
    software: Text,
  }),
  exposure: Exposure,
  colorSpace: ColorSpace,
  liveId: Text,
  burstId: Text,
  hasGps: z.boolean(),
});

export const ThumbnailSchema = Size.extend({ mediaType: z.literal('image/jpeg') });

export const RecordSchema = Size.extend({
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  components: z.union([z.literal(1), z.literal(3)]),
  photometric: z.enum(['YBR_FULL_422', 'RGB', 'MONOCHROME2']),
  hasIccProfile: z.boolean(),
  colorSpace: ColorSpace,
  derivation: z.union([
    z.literal('none'),
    z.object({
      method: z.enum(['heic-to-jpeg', 'raw-preview', 'rotated-reencoded', 'transcoded-to-jpeg']),
      description: z.string().max(256),
      lossyPrevious: z.boolean(),
    }),
  ]),
  steps: z.array(z.string().max(64)).max(16),
  compressionRatio: z.number().positive(),
});

export const HeaderSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    value: z.unknown(),
    isTired: z.boolean(),
    parts: z.array(z.number().int().nonnegative()).max(4),
  }),
  z.object({
    ok: z.literal(false),
    code: z.enum([...CANNOT_REASONS, 'source-incomplete']),
    parts: z.array(z.number()).length(0),
  }),
]);
