import type { ExposureView, LiveView } from '../../../shared/contract.ts';
import { term } from '../../i18n/codes.ts';
import { words } from '../../i18n/words.ts';

type Field = LiveView['exposureDiffers'][number];
/** As photographers say it: aperture, time, sensitivity, light, lens. */
const ORDER = [
  'fNumber',
  'exposureSeconds',
  'iso',
  'whiteBalance',
  'focalLengthMm',
] as const satisfies readonly Field[];

/** Longer times are told in seconds, shorter ones as a fraction (s). */
const FRACTION_BELOW = 0.3;

function plain(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** A shutter time as it stands on the camera: `1/125 s`, `0.5 s`, `2 s`. */
export function timeText(seconds: number): string {
  if (seconds <= 0) return words('exposure.seconds', { n: '0' });
  if (seconds >= FRACTION_BELOW) return words('exposure.seconds', { n: plain(seconds, 1) });
  return words('exposure.seconds', { n: `1/${Math.round(1 / seconds)}` });
}

/** Makers number their own settings: those are told by their number. */
function lightText(whiteBalance: string): string {
  const own = /^vendor-(\w+)$/.exec(whiteBalance)?.[1];
  return own ? words('exposure.light.vendor', { n: own }) : term('exposure.light', whiteBalance);
}

function textOf(field: Field, exposure: ExposureView): string | null {
  switch (field) {
    case 'fNumber':
      return exposure.fNumber === null ? null : words('exposure.aperture', { n: plain(exposure.fNumber, 1) });
    case 'exposureSeconds':
      return exposure.exposureSeconds === null ? null : timeText(exposure.exposureSeconds);
    case 'iso':
      return exposure.iso === null ? null : words('exposure.iso', { n: String(exposure.iso) });
    case 'whiteBalance':
      return exposure.whiteBalance === null ? null : lightText(exposure.whiteBalance);
    case 'focalLengthMm':
      return exposure.focalLengthMm === null
        ? null
        : words('exposure.focal', { n: plain(exposure.focalLengthMm, exposure.focalLengthMm < 10 ? 1 : 0) });
    default:
      return null;
  }
}

export interface ExposurePart {
  readonly field: Field;
  readonly text: string;
  /** What it should be, in words: "was ISO 200", "protocol says ISO 200"; null while it is as it should be. */
  readonly should: string | null;
}

/** How a device is set, value by value; what it does not tell is left out. */
export function exposureParts(
  live: Pick<LiveView, 'exposure' | 'exposureDiffers' | 'exposureAgainst' | 'exposureWanted'>,
): ExposurePart[] {
  const { exposure, exposureDiffers, exposureAgainst, exposureWanted } = live;
  if (!exposure) return [];
  return ORDER.flatMap((field) => {
    const text = textOf(field, exposure);
    if (text === null) return [];
    const wanted = exposureDiffers.includes(field) && exposureWanted ? textOf(field, exposureWanted) : null;
    const should =
      wanted === null
        ? null
        : words(exposureAgainst === 'protocol' ? 'exposure.protocol' : 'exposure.was', { value: wanted });
    return [{ field, text, should }];
  });
}

/** A clock that is this much off (ms) is said: pictures are told apart by minutes. */
const CLOCK_OFF = 60_000;

/** How a camera's clock is off, in the coarsest unit that is still true; null while it is near enough, or not told. */
export function clockText(offsetMs: number | null): string | null {
  if (offsetMs === null || Math.abs(offsetMs) <= CLOCK_OFF) return null;
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const hours = Math.round(minutes / 60);
  const amount =
    minutes < 120
      ? words('time.minutes', { n: minutes })
      : hours < 48
        ? words('time.whole-hours', { n: hours })
        : words('time.days', { n: Math.round(hours / 24) });
  return words(offsetMs > 0 ? 'exposure.clock-fast' : 'exposure.clock-slow', { amount });
}
