import { describe, expect, it } from 'vitest';
import {
  datasetOf,
  encodeElements,
  IMPLICIT_LITTLE_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
} from '../../../../../main/station/archive/dimse/index.ts';
import { readEntry } from '../../../../../main/station/worklist/query/read-entry.ts';
import { worklistKeys } from '../../../../../main/station/worklist/query/query.ts';
import { worklistFile } from '../../../../support/worklist-file.ts';
import type { WorklistFixture } from '../../../../support/worklist-file.ts';

const entryOf = (fixture: Partial<WorklistFixture>, assumed?: string) =>
  readEntry(
    datasetOf(worklistFile({ patientName: 'Test^Anna', patientId: 'P1', ...fixture }, 1)),
    EXPLICIT_LITTLE_ENDIAN,
    assumed,
  );

describe('one worklist answer', () => {
  it('is read whole', () => {
    const read = entryOf({ patientName: 'Müller^Jürgen', date: '20261122', time: '0930' });
    expect(read).toEqual({
      entry: {
        patient: {
          name: { alphabetic: 'Müller^Jürgen', ideographic: null, phonetic: null },
          id: 'P1',
          issuer: 'HOSP',
          birthDate: '19700101',
          sex: 'F',
          otherIds: [],
        },
        accessionNumber: 'A1001',
        studyInstanceUid: '2.25.71001',
        requestedProcedureId: 'RP1',
        requestedProcedureDescription: 'Dermatology photography',
        requestedProcedureCodes: [{ value: 'PHOTO', scheme: '99LOCAL', meaning: 'Photographic image' }],
        scheduledProcedureStepId: 'SPS1',
        scheduledProcedureStepDescription: 'Photographs',
        scheduledProtocolCodes: [{ value: 'DERM1', scheme: '99LOCAL', meaning: 'Lesion photographs' }],
        scheduledStationAet: 'IMGST',
        modality: 'XC',
        scheduledStart: { date: '20261122', time: '0930' },
        referringPhysicianName: 'Ref^Doc',
        admissionId: 'ADM1',
        patientLocation: null,
        confidentiality: null,
        medicalAlerts: null,
        priority: 'ROUTINE',
        incomplete: [],
      },
    });
  });

  it('says what is missing for filing and is still listed', () => {
    const read = entryOf({ patientId: '', studyInstanceUid: '' });
    expect(read).toMatchObject({ entry: { incomplete: ['patientId', 'studyInstanceUid'], studyInstanceUid: '' } });
  });

  it('is not shown when its name or its patient id cannot be read', () => {
    expect(entryOf({ characterSet: 'ISO_IR 192', patientName: Buffer.from('M\xfcller', 'latin1') })).toEqual({
      skipped: 'name-not-decodable',
    });
    expect(entryOf({ patientId: Buffer.from('P\xff', 'latin1') })).toEqual({ skipped: 'patient-id-not-decodable' });
    expect(entryOf({ characterSet: 'ISO_IR 777' })).toEqual({ skipped: 'unknown-character-set' });
    expect(entryOf({ patientName: '' })).toEqual({ skipped: 'no-patient-name' });
    expect(entryOf({ patientName: '^^=^' })).toEqual({ skipped: 'no-patient-name' });
  });

  it('never drops an alert without a word', () => {
    const read = entryOf({ medicalAlerts: Buffer.from('Latex \xfc', 'latin1') });
    expect(read).toMatchObject({ entry: { medicalAlerts: null, incomplete: ['medicalAlerts'] } });
  });

  it('uses the set the site configured when the server names none', () => {
    const fixture = { characterSet: '', patientName: Buffer.from('M\xfcller', 'latin1') };
    expect(entryOf(fixture)).toEqual({ skipped: 'name-not-decodable' });
    expect(entryOf(fixture, 'ISO_IR 100')).toMatchObject({ entry: { patient: { name: { alphabetic: 'Müller' } } } });
  });

  it('is malformed, not half read, when bytes are missing', () => {
    const bytes = datasetOf(worklistFile({ patientName: 'Test^Anna', patientId: 'P1' }, 1));
    for (const cut of [1, 7, 60, 200]) {
      expect(readEntry(bytes.subarray(0, bytes.length - cut), EXPLICIT_LITTLE_ENDIAN)).toEqual({
        skipped: 'malformed',
      });
    }
  });

  it('is read in implicit VR and with sequences of undefined length', () => {
    const bytes = encodeElements(
      [
        [0x00080005, 'CS', 'ISO_IR 192'],
        [0x00100010, 'PN', 'Test^Anna'],
        [0x00100020, 'LO', 'P1'],
        [0x0020000d, 'UI', '1.2.3'],
      ],
      IMPLICIT_LITTLE_ENDIAN,
    );
    const step = Buffer.from(
      // (0040,0100), item, (0008,0060) XC, end of item, end of sequence
      '40000001ffffffff feff00e0ffffffff 0800600002000000 5843 feff0de000000000 feffdde000000000'.replaceAll(' ', ''),
      'hex',
    );
    expect(readEntry(Buffer.concat([bytes, step]), IMPLICIT_LITTLE_ENDIAN)).toMatchObject({
      entry: { modality: 'XC', studyInstanceUid: '1.2.3' },
    });
  });
});

describe('the query', () => {
  const valueOf = (keys: ReturnType<typeof worklistKeys>, tag: number) => keys.find((key) => key[0] === tag)?.[2];

  it('matches by what was asked and nothing else', () => {
    const keys = worklistKeys({ patientName: 'Mü', from: '20261121', to: '20261122', stationAet: 'IMGST' });
    expect(valueOf(keys, 0x00100010)).toBe('Mü*');
    const step = valueOf(keys, 0x00400100);
    expect(Array.isArray(step) && step[0]).toEqual(
      expect.arrayContaining([
        [0x00400001, 'AE', 'IMGST'],
        [0x00400002, 'DA', '20261121-20261122'],
        [0x00080060, 'CS', ''],
      ]),
    );
    // trap: a numeric key sent as 0 matches nobody; a worklist query has no level
    expect(valueOf(keys, 0x001021c0)).toBeUndefined();
    expect(valueOf(keys, 0x00080052)).toBeUndefined();
  });

  it('asks for one day, or a range open at one end', () => {
    const date = (from?: string, to?: string) => {
      const step = valueOf(worklistKeys({ from, to }), 0x00400100);
      return Array.isArray(step) && step[0].find((key: readonly [number]) => key[0] === 0x00400002)[2];
    };
    expect([date('20261121', '20261121'), date('20261121'), date(undefined, '20261121'), date()]).toEqual([
      '20261121',
      '20261121-',
      '-20261121',
      '',
    ]);
  });
});
