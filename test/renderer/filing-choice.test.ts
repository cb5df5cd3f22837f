import { describe, expect, it } from 'vitest';
import type { WorklistItemView } from '../../shared/contract.ts';
import {
  filingInput,
  missingFrom,
  NOTHING_CHOSEN,
  repeatChoice,
  sidesOf,
  withRegion,
} from '../../renderer/screens/file/filing-choice.ts';
import type { FilingChoice, Region } from '../../renderer/screens/file/filing-choice.ts';

const hand: Region = {
  scheme: 'SCT',
  code: '33712006',
  meaning: 'Skin of hand',
  synonyms: [],
  lateralities: ['R', 'L', 'B'],
  lateralityHint: null,
  sensitive: false,
  group: 'Upper limb',
  favourite: false,
  recent: false,
};
const face: Region = { ...hand, code: '73897004', meaning: 'Skin of face', lateralities: ['U'] };
const patient: WorklistItemView = {
  id: 'worklist-1',
  patient: {
    name: { display: 'Example, Eva', ideographic: null, phonetic: null },
    mrn: 'TEST-1',
    issuer: null,
    birthDate: null,
    sex: null,
  },
  accessionNumber: null,
  procedure: null,
  step: null,
  scheduledDate: null,
  scheduledTime: null,
  location: null,
  incomplete: [],
  fetchedAt: 0,
  gone: false,
};
const ready: FilingChoice = { ...NOTHING_CHOSEN, patient, region: hand, side: 'L' };

describe('the side of a region', () => {
  it('is asked only where the region can have one', () => {
    expect(sidesOf(hand)).toEqual(['R', 'L', 'B']);
    expect(sidesOf(face)).toEqual([]);
    expect(sidesOf(null)).toEqual([]);
  });

  it('is taken over from what was typed with the region', () => {
    expect(withRegion(NOTHING_CHOSEN, { ...hand, lateralityHint: 'L' }).side).toBe('L');
  });

  it('is never carried over to another region, nor taken where it cannot be', () => {
    expect(withRegion(ready, hand).side).toBeNull();
    expect(withRegion(ready, { ...face, lateralityHint: 'L' }).side).toBeNull();
  });

  it('goes with the call: the chosen one, or the only one there is', () => {
    expect(filingInput(ready, ['capture-1'])?.laterality).toBe('L');
    expect(filingInput({ ...ready, region: face, side: null }, ['capture-1'])?.laterality).toBe('U');
  });
});

describe('filing', () => {
  it('says what is missing, in the order of the screen', () => {
    expect(missingFrom(NOTHING_CHOSEN, 0)).toBe('pictures');
    expect(missingFrom(NOTHING_CHOSEN, 3)).toBe('patient');
    expect(missingFrom({ ...ready, patient: { ...patient, incomplete: ['studyInstanceUid'] } }, 3)).toBe('incomplete');
    expect(missingFrom({ ...ready, region: null }, 3)).toBe('region');
    expect(missingFrom({ ...ready, side: null }, 3)).toBe('side');
    expect(missingFrom(ready, 3)).toBeNull();
  });

  it('is not asked of the station while something is missing', () => {
    expect(filingInput({ ...ready, side: null }, ['capture-1'])).toBeNull();
    expect(filingInput(ready, [])).toBeNull();
  });

  it('states burned-in text and identifying features always, and no view as null', () => {
    expect(filingInput({ ...ready, view: '  ', recognizable: true }, ['capture-1'])).toMatchObject({
      view: null,
      burnedIn: false,
      recognizable: true,
    });
  });

  it('repeats everything but the patient', () => {
    const repeated = repeatChoice({ ...NOTHING_CHOSEN, patient: null }, ready);
    expect(repeated.region).toBe(hand);
    expect(repeated.patient).toBeNull();
  });
});
