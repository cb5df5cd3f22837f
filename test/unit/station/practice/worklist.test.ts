import { expect, test } from 'vitest';
import { practicePatients } from '../../../../main/station/practice/patients.ts';
import { findInWorklist } from '../../../../main/station/practice/worklist.ts';

const noon = new Date(2026, 5, 10, 12);
const step = (keys: Record<string, unknown>) => ({ ScheduledProcedureStepSequence: [keys] });
const ids = (query: Record<string, unknown>) =>
  findInWorklist({ PatientID: '', ...query }, 'STATION', noon).map((entry) => entry['PatientID']);

test('keys without a value match everybody, and only what was asked comes back', () => {
  const [first, ...others] = findInWorklist({ PatientID: '', Unknown: '' }, 'STATION', noon);
  expect(others).toHaveLength(practicePatients.length - 1);
  expect(Object.keys(first!).sort()).toEqual(['PatientID', 'SpecificCharacterSet', 'Unknown']);
});

test.each([
  [{ ScheduledProcedureStepStartDate: '20260610' }, 10],
  [{ ScheduledProcedureStepStartDate: '20260611' }, 1],
  [{ ScheduledProcedureStepStartDate: '20260610-' }, 11],
  [{ ScheduledProcedureStepStartDate: '-20260610' }, 10],
  [{ ScheduledProcedureStepStartDate: '20260601-20260609' }, 0],
  [{ Modality: 'XC', ScheduledStationAETitle: 'STATION' }, 11],
  [{ Modality: 'CT' }, 0],
])('matches the scheduled step %j', (keys, count) => {
  expect(ids(step(keys))).toHaveLength(count);
});

test('names match in any case and with wildcards; what looks like a pattern otherwise is taken literally', () => {
  expect(ids({ PatientName: [{ Alphabetic: 'practice^m*' }] })).toEqual(['PRACTICE-0002', 'PRACTICE-0003']);
  expect(ids({ PatientName: 'Practice^?da' })).toEqual(['PRACTICE-0001']);
  expect(ids({ PatientName: '.*' })).toEqual([]);
  expect(ids({ PatientID: 'PRACTICE-0001' })).toEqual(['PRACTICE-0001']);
  expect(ids({ PatientID: 'practice-0001' })).toEqual([]);
});

test('an entry keeps its study and accession number all day, and has others tomorrow', () => {
  const keys = { PatientID: 'PRACTICE-0001', StudyInstanceUID: '', AccessionNumber: '' };
  const [noonEntry] = findInWorklist(keys, 'STATION', noon);
  const [evening] = findInWorklist(keys, 'STATION', new Date(2026, 5, 10, 23, 59));
  const [tomorrow] = findInWorklist(keys, 'STATION', new Date(2026, 5, 11, 0, 1));
  expect(evening).toEqual(noonEntry);
  expect(tomorrow!['StudyInstanceUID']).not.toBe(noonEntry!['StudyInstanceUID']);
  expect(noonEntry!['StudyInstanceUID']).toMatch(/^2\.25\.\d{1,39}$/);
});
