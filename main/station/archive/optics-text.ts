import type { Optics } from '../../../shared/contract/capture.ts';

const POLARISED = { cross: 'cross-polarised light', parallel: 'parallel-polarised light', none: 'non-polarised light' };
const TOUCHING = { contact: 'contact', 'non-contact': 'non-contact' };
const MEDIA = { none: 'no immersion', alcohol: 'alcohol', gel: 'ultrasound gel', oil: 'mineral oil', water: 'water' };

/**
 * The optics of a dermatoscope in words, for Acquisition Context Description (0040,0556). The attributes of their own (PS3.3 C.8.12.13) are
 * no part of VL Photographic Image Storage; they belong to Dermoscopic Photography, which many archives do not take yet.
 * @param shot what is kept of how the item was taken, JSON
 * @returns null where nothing is known
 */
export function opticsText(shot: string | null): string | null {
  const { optics } = JSON.parse(shot ?? '{}') as { optics?: Optics };
  if (!optics) return null;
  const { magnification, polarisation, contact, immersion } = optics;
  const words = [
    magnification === null ? null : `magnification ${magnification}x`,
    polarisation && POLARISED[polarisation],
    contact && TOUCHING[contact],
    immersion && (immersion === 'none' ? MEDIA.none : `immersion: ${MEDIA[immersion]}`),
  ].filter((word) => word !== null);
  return words.length > 0 ? `Dermatoscope: ${words.join('; ')}` : null;
}
