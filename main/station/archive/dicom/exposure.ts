import type { Dataset } from './dataset.ts';
import { descriptiveText } from './descriptive-text.ts';
import type { AcquisitionInput } from './instance-input.ts';

/**
 * VL Photographic Equipment and Acquisition modules (PS3.3 C.8.12.9, C.8.12.10): EXIF to DICOM after PS3.17 Annex NNNN.
 * A value that EXIF does not define is left out. GPS, owner and maker note have no place here.
 */
export function exposureModule({ camera, exposure }: AcquisitionInput): Dataset {
  return {
    LensMake: descriptiveText(camera.lensMake, 128) ?? undefined,
    LensModel: descriptiveText(camera.lensModel, 128) ?? undefined,
    LensSerialNumber: descriptiveText(camera.lensSerial, 128) ?? undefined,
    ExposureTimeInSeconds: positiveDecimal(exposure.exposureTimeSeconds),
    FNumber: positiveDecimal(exposure.fNumber),
    FocalLength: positiveDecimal(exposure.focalLength),
    FocalLengthIn35mmFilm: positiveInteger(exposure.focalLengthIn35mm),
    PhotographicSensitivity: positiveInteger(exposure.iso),
    ExposureBiasValue: exposure.exposureBias === null ? undefined : decimal(exposure.exposureBias),
    ExposureProgram: oneOf(exposure.exposureProgram, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
    MeteringMode: oneOf(exposure.meteringMode, [0, 1, 2, 3, 4, 5, 6, 255]),
    WhiteBalance: oneOf(exposure.whiteBalance, [0, 1]),
    ...flash(exposure.flash),
  };
}

/** EXIF keeps the flash in one number of bit fields (Exif 2.32, 4.6.5, tag 9209H); DICOM in five attributes. */
function flash(bits: number | null): Dataset {
  if (bits === null || !Number.isInteger(bits) || bits < 0 || bits > 0x7f) return {};
  return {
    FlashFiringStatus: bits & 1,
    FlashReturnStatus: (bits >> 1) & 3,
    FlashMode: (bits >> 3) & 3,
    FlashFunctionPresent: (bits >> 5) & 1,
    FlashRedEyeMode: (bits >> 6) & 1,
  };
}

/** A finite number as DS (at most 16 characters), undefined when it cannot be said. */
export function decimal(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const plain = String(value);
  return plain.length <= 16 ? plain : String(Number(value.toPrecision(9)));
}

function positiveDecimal(value: number | null): string | undefined {
  return value !== null && value > 0 ? decimal(value) : undefined;
}

function positiveInteger(value: number | null): string | undefined {
  const rounded = value === null ? 0 : Math.round(value);
  return rounded > 0 && rounded < 2 ** 31 ? String(rounded) : undefined;
}

function oneOf(value: number | null, defined: readonly number[]): number | undefined {
  return value !== null && defined.includes(value) ? value : undefined;
}
