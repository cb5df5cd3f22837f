import { keepsRecentlyDeleted } from '../../../shared/domain/media.ts';
import type { MediumKind } from '../../../shared/domain/media.ts';

export interface ErasedMedium {
  readonly kind: MediumKind;
  readonly maker: string | null;
  readonly model: string | null;
}

const MEANS = {
  volume:
    'erased = deleted from the medium and checked absent in a new listing; not a promise that flash cells are overwritten',
  camera:
    'erased = deleted on the camera by its own command and no longer listed in a new session; not a promise that flash cells are overwritten',
  dermatoscope:
    'erased = deleted on the device by its own command and no longer listed in a new session; not a promise that flash cells are overwritten',
  phone:
    'erased = deletion requested from the phone and no longer listed in a new session; not a promise about copies that the phone, its apps or a cloud service keep',
} as const;

const RECENTLY_DELETED =
  'On an iPhone or iPad deleted pictures may lie in "Recently Deleted" for 30 days more, and copies may be in iCloud: they are erased there by hand';

/** What a certificate of this medium may say of erasing (devices.md 4.2): never more than was checked. */
export function whatErasedMeans(medium: ErasedMedium): string {
  const { kind } = medium;
  if (kind === 'camera' || kind === 'dermatoscope') return MEANS[kind];
  if (kind !== 'phone') return MEANS.volume;
  return keepsRecentlyDeleted(medium) ? `${MEANS.phone}. ${RECENTLY_DELETED}` : MEANS.phone;
}

/** The end of an erased item in the words of a delivery note. Certificates of before there were devices tell cards only. */
export function erasedText(kind: unknown): string {
  if (kind === 'camera') return 'deleted on the camera, no longer listed';
  if (kind === 'dermatoscope') return 'deleted on the device, no longer listed';
  if (kind === 'phone') return 'deletion requested, no longer listed';
  return 'deleted, checked absent';
}
