import type { PtpValue } from './values.ts';

/** Device properties of exposure (ISO 15740, 13.3.5). */
export const EXPOSURE_PROPERTY = {
  whiteBalance: 0x5005,
  fNumber: 0x5007,
  focalLength: 0x5008,
  exposureTime: 0x500d,
  iso: 0x500f,
} as const;
/** DateTime of the device. */
export const CLOCK_PROPERTY = 0x5011;

const WHITE_BALANCE = ['', 'manual', 'auto', 'one-push', 'daylight', 'fluorescent', 'tungsten', 'flash'] as const;

/** A property's value in the unit people use; null when it is none of these or says "not set". */
export function exposureNumber(property: number, value: PtpValue): number | null {
  if (typeof value !== 'number' || value <= 0 || value >= 0xffff_ffff) return null;
  switch (property) {
    case EXPOSURE_PROPERTY.fNumber:
    case EXPOSURE_PROPERTY.focalLength:
      return value >= 0xffff ? null : value / 100;
    case EXPOSURE_PROPERTY.exposureTime:
      // 0xFFFFFFFE and thereabouts: bulb and time.
      return value >= 0xffff_fff0 ? null : value / 10_000;
    case EXPOSURE_PROPERTY.iso:
      return value >= 0xffff ? null : value;
    default:
      return null;
  }
}

/** Name of a white balance; vendors' own settings are told by number. */
export function whiteBalanceName(value: PtpValue): string | null {
  if (typeof value !== 'number' || value <= 0) return null;
  return WHITE_BALANCE[value] ?? `vendor-${value.toString(16)}`;
}
