import type { Optics } from '../../../shared/contract/capture.ts';
import { CONTACTS, IMMERSIONS, POLARISATIONS } from '../../../shared/contract/capture.ts';
import { term } from '../../i18n/codes.ts';

/** The value after this one; behind the last one is the first. */
function after<T>(values: readonly T[], value: T | null): T | null {
  return values[value === null ? 0 : (values.indexOf(value) + 1) % values.length] ?? null;
}

/** What each key changes of the optics of the next picture. */
export const OPTICS_KEYS: Readonly<Record<string, (optics: Optics) => Optics>> = {
  KeyP: (optics) => ({ ...optics, polarisation: after(POLARISATIONS, optics.polarisation) }),
  KeyC: (optics) => ({ ...optics, contact: after(CONTACTS, optics.contact) }),
  KeyI: (optics) => ({ ...optics, immersion: after(IMMERSIONS, optics.immersion) }),
};

export function sameOptics(a: Optics, b: Optics): boolean {
  return (
    a.magnification === b.magnification &&
    a.polarisation === b.polarisation &&
    a.contact === b.contact &&
    a.immersion === b.immersion
  );
}

/** The optics of a picture in one line; empty where nothing is known. */
export function opticsLine({ magnification, polarisation, contact, immersion }: Optics): string {
  return [
    magnification !== null && `${magnification}×`,
    polarisation && term('optics.polarisation', polarisation),
    contact && term('optics.contact', contact),
    immersion && immersion !== 'none' && term('optics.immersion', immersion),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** A magnification as somebody types it: `10`, `10x`, `12,5`. Null when it is empty or none. */
export function readMagnification(text: string): number | null {
  const number = Number(
    text
      .replace(',', '.')
      .replace(/[x×]\s*$/i, '')
      .trim(),
  );
  return text.trim() !== '' && Number.isFinite(number) && number >= 0.1 && number <= 1000 ? number : null;
}
