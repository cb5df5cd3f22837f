import type { LiveView } from '../../../shared/contract.ts';
import type { StationConfig } from '../config/index.ts';
import type { ExposureValues, OpenDocking } from '../intake/index.ts';

const FIELDS = ['fNumber', 'exposureSeconds', 'iso', 'whiteBalance', 'focalLengthMm'] as const;

/** Devices round: f/8 is told as 8 or 8.0, 1/60 s as 0.0166 or 0.0167. */
const NEAR = 0.04;

/** Which values are set otherwise than they should be; what one side does not say differs from nothing. */
export function exposureDiffers(
  now: ExposureValues,
  wanted: { readonly [K in keyof ExposureValues]?: ExposureValues[K] | undefined },
): LiveView['exposureDiffers'] {
  return FIELDS.filter((field) => {
    const is = now[field];
    const should = wanted[field] ?? null;
    if (is === null || should === null) return false;
    if (typeof is === 'number' && typeof should === 'number') return Math.abs(is - should) > NEAR * Math.abs(should);
    return is !== should;
  });
}

/** What is told of a docked device beyond its files; null for volumes. */
export function liveView(
  docking: OpenDocking,
  clockOffsetMs: number | null,
  protocol: StationConfig['exposureProtocol'],
): LiveView | null {
  const { live } = docking.source;
  if (!live) return null;
  const wanted = protocol ?? docking.firstExposure;
  const against = protocol ? 'protocol' : docking.firstExposure && 'first-picture';
  return {
    canCapture: live.canCapture,
    exposure: docking.exposure && { ...docking.exposure },
    exposureDiffers: docking.exposure && wanted ? exposureDiffers(docking.exposure, wanted) : [],
    exposureAgainst: against,
    exposureWanted: wanted && {
      fNumber: wanted.fNumber ?? null,
      exposureSeconds: wanted.exposureSeconds ?? null,
      iso: wanted.iso ?? null,
      whiteBalance: wanted.whiteBalance ?? null,
      focalLengthMm: wanted.focalLengthMm ?? null,
    },
    clockOffsetMs,
  };
}
