import type { CallInput, CallOutput, WorklistItemView } from '../../../shared/contract.ts';
import type { MessageId } from '../../i18n/words.ts';

export type Side = 'R' | 'L' | 'B' | 'U';
export type Region = CallOutput<'terms.find'>['hits'][number];

/** What a person has chosen so far for the pictures at hand. */
export interface FilingChoice {
  readonly patient: WorklistItemView | null;
  readonly region: Region | null;
  readonly side: Side | null;
  readonly view: string;
  readonly burnedIn: boolean;
  readonly recognizable: boolean;
}

export const NOTHING_CHOSEN: FilingChoice = {
  patient: null,
  region: null,
  side: null,
  view: '',
  burnedIn: false,
  recognizable: false,
};

/** The sides to choose from: none when the region can have no side. */
export function sidesOf(region: Pick<Region, 'lateralities'> | null): readonly Side[] {
  if (!region || region.lateralities.every((side) => side === 'U')) return [];
  return (['R', 'L', 'B', 'U'] as const).filter((side) => region.lateralities.includes(side));
}

/** A choice with this region: the side that was typed with it is taken over, an impossible one is dropped. */
export function withRegion(choice: FilingChoice, region: Region): FilingChoice {
  const sides = sidesOf(region);
  const hint = region.lateralityHint;
  const side = hint && sides.includes(hint) ? hint : null;
  return { ...choice, region, side };
}

/** The last choice again, for the present patient: a patient is never repeated by a key. */
export function repeatChoice(choice: FilingChoice, last: FilingChoice): FilingChoice {
  return { ...last, patient: choice.patient };
}

export type Missing = 'pictures' | 'patient' | 'incomplete' | 'region' | 'side';

/** The first thing still missing before filing, in the order of the screen; null when all is there. */
export function missingFrom(choice: FilingChoice, pictures: number): Missing | null {
  if (pictures === 0) return 'pictures';
  if (!choice.patient) return 'patient';
  if (choice.patient.incomplete.length > 0) return 'incomplete';
  if (!choice.region) return 'region';
  if (sidesOf(choice.region).length > 0 && choice.side === null) return 'side';
  return null;
}

/** Why the button waits, for each missing thing. */
export const MISSING_WORDS: Readonly<Record<Missing, MessageId>> = {
  pictures: 'file.why.pictures',
  patient: 'file.why.patient',
  incomplete: 'file.why.incomplete',
  region: 'file.why.region',
  side: 'file.why.side',
};

/** The call that files these pictures; null while something is missing. */
export function filingInput(choice: FilingChoice, captureIds: string[]): CallInput<'captures.file'> | null {
  const { patient, region } = choice;
  if (missingFrom(choice, captureIds.length) !== null || !patient || !region) return null;
  return {
    captureIds,
    worklistItemId: patient.id,
    region: { scheme: region.scheme, code: region.code },
    laterality: sidesOf(region).length > 0 ? choice.side : (region.lateralities[0] ?? null),
    view: choice.view.trim() === '' ? null : choice.view.trim(),
    burnedIn: choice.burnedIn,
    recognizable: choice.recognizable,
  };
}
