import type { MediumView } from '../../shared/contract.ts';
import { isDevice } from '../../shared/domain/media.ts';
import { term } from '../i18n/codes.ts';
import { words } from '../i18n/words.ts';

/** What follows a maker's name in its papers and says nothing to anybody here. */
const COMPANY = /[,.]?\s+(?:inc|corp|corporation|co|ltd|gmbh|company|electronics)\b\.?.*$/i;

type Named = Pick<MediumView, 'kind' | 'label' | 'maker' | 'model' | 'name'>;

/** Maker and model as it stands on the device: "Canon EOS 5D". Null when the device did not tell. */
export function deviceText({ maker, model }: Pick<MediumView, 'maker' | 'model'>): string | null {
  const short = maker?.trim().replace(COMPANY, '') ?? '';
  const what = model?.trim() ?? '';
  if (what === '') return short === '' ? null : short;
  return short === '' || what.toLowerCase().startsWith(short.toLowerCase()) ? what : `${short} ${what}`;
}

/** What people call a medium: its name here, else what stands on it. */
export function mediumName(medium: Named): string {
  const own = isDevice(medium.kind) ? deviceText(medium) : null;
  return medium.name || own || medium.label || term('medium', medium.kind);
}

/** What else tells one medium from another: model where it has a name of its own, serial number, owner unit. */
export function mediumFacts(medium: Named & Pick<MediumView, 'serial' | 'ownerUnit'>): string[] {
  const own = isDevice(medium.kind) ? deviceText(medium) : medium.label;
  return [
    medium.name && own && own !== medium.name ? own : null,
    isDevice(medium.kind) && medium.serial ? words('medium.serial', { serial: medium.serial }) : null,
    medium.ownerUnit ? words('medium.of-unit', { unit: medium.ownerUnit }) : null,
  ].filter((fact) => fact !== null);
}
