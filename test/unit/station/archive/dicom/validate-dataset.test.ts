import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../../main/station/archive/dicom/dataset.ts';
import { DicomValueError } from '../../../../../main/station/archive/dicom/errors.ts';
import { validateDataset } from '../../../../../main/station/archive/dicom/validate-dataset.ts';

const name = (alphabetic: string, ideographic = ''): Dataset => ({ PatientName: { alphabetic, ideographic } });

const good: Dataset[] = [
  { AccessionNumber: '1234567890123456' },
  { AccessionNumber: '日本語日本語日本語日本語日本語日' }, // 16 characters, 48 bytes
  { AccessionNumber: null },
  { PatientID: '' },
  { PatientBirthDate: '20240229' },
  { PatientBirthDate: '00990101' },
  { StudyTime: '235960' },
  { StudyTime: '10' },
  { StudyTime: '101500.123456' },
  { AcquisitionDateTime: '20261121101500.000001+1400' },
  { FNumber: '-1.5E-3' },
  { SeriesNumber: '2147483647' },
  { SOPInstanceUID: '2.25.0' },
  { DerivationDescription: 'two\r\nlines \\ with backslash' },
  { Rows: 65535 },
  name('Müller^Jürgen^^Dr.^jr', '山田^太郎'),
];

const bad: [Dataset, string][] = [
  [{ AccessionNumber: '12345678901234567' }, '00080050'],
  [{ AccessionNumber: 'a\\b' }, '00080050'],
  [{ PatientID: 'tab\there' }, '00100020'],
  [{ PatientID: 'lone \ud800 half' }, '00100020'],
  [{ PatientSex: 'm' }, '00100040'],
  [{ PatientBirthDate: '20230229' }, '00100030'],
  [{ PatientBirthDate: '1970-01-01' }, '00100030'],
  [{ StudyTime: '2460' }, '00080030'],
  [{ StudyTime: '1015.5' }, '00080030'],
  [{ AcquisitionDateTime: '20261121251500' }, '0008002A'],
  [{ FNumber: '1,5' }, '00160005'],
  [{ FNumber: '' }, '00160005'],
  [{ FNumber: '0.12345678901234567' }, '00160005'],
  [{ SeriesNumber: '2147483648' }, '00200011'],
  [{ SeriesNumber: '1.5' }, '00200011'],
  [{ SOPInstanceUID: '1.02.3' }, '00080018'],
  [{ SOPInstanceUID: `1.${'2'.repeat(63)}` }, '00080018'],
  [{ Rows: 65536 }, '00280010'],
  [{ Rows: 1.5 }, '00280010'],
  [{ ImageType: ['A', 'B', 'C'] }, '00080008'],
  [{ DerivationDescription: 'x'.repeat(1025) }, '00082111'],
  [{ PixelData: new Uint8Array() }, '7FE00010'],
  [name('a=b'), '00100010'],
  [name('x'.repeat(65)), '00100010'],
  [name('a^b^c^d^e^f'), '00100010'],
  [{ RequestAttributesSequence: [{ RequestedProcedureID: '12345678901234567' }] }, '00401001'],
];

describe('values by their VR', () => {
  test.each(good)('%j is allowed', (dataset) => {
    expect(() => validateDataset(dataset)).not.toThrow();
  });

  test.each(bad)('%j is refused, naming tag %s', (dataset, tag) => {
    try {
      validateDataset(dataset);
    } catch (error) {
      expect(error).toBeInstanceOf(DicomValueError);
      expect((error as DicomValueError).details).toMatchObject({ tag });
      return;
    }
    expect.unreachable('not refused');
  });
});
