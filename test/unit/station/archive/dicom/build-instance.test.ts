import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { attributes } from '../../../../../main/station/archive/dicom/attributes.ts';
import { buildInstance, pixelStreamOf, samePixelStream } from '../../../../../main/station/archive/dicom/index.ts';
import { readBack } from './read-back.ts';
import { fullInput, jpegOfParity, minimalInput, sampleJpeg } from './sample-input.ts';

describe('the pixels', () => {
  test.each([true, false])('the JPEG stream stands in the object bit for bit (odd length: %s)', async (odd) => {
    const record = await jpegOfParity(odd);
    const built = buildInstance(minimalInput(record));
    const { bytes } = pixelStreamOf(built.bytes);
    expect(bytes.subarray(0, built.pixelLength).equals(record.jpeg)).toBe(true);
    expect(bytes.length).toBe(record.jpeg.byteLength + (odd ? 1 : 0));
    expect(built.pixelLength).toBe(record.jpeg.byteLength);
    expect(built.pixelSha256).toBe(createHash('sha256').update(record.jpeg).digest('hex'));
    expect(samePixelStream(bytes, built.pixelLength, built.pixelSha256)).toBe(true);
  });

  test('a long stream is one fragment, not cut into pieces', async () => {
    const record = await sampleJpeg({ width: 500, height: 400, quality: 95 });
    const { bytes } = buildInstance(minimalInput(record));
    const padded = record.jpeg.byteLength + (record.jpeg.byteLength % 2);
    expect(padded).toBeGreaterThan(40 * 1024);
    expect(bytes.readUInt32LE(bytes.length - 8 - padded - 4)).toBe(padded); // the length of the last item before the delimiter
  });

  test('the same input gives the same bytes', async () => {
    const input = fullInput(await sampleJpeg());
    expect(buildInstance(input).bytes.equals(buildInstance(input).bytes)).toBe(true);
  });

  test('a stream with metadata left in it is refused', async () => {
    const record = await sampleJpeg();
    const jpeg = await sharp(Buffer.from(record.jpeg))
      .withExif({ IFD0: { Artist: 'somebody' } })
      .jpeg()
      .toBuffer();
    expect(() => buildInstance(minimalInput({ ...record, jpeg }))).toThrow(/metadata segment/);
  });

  test('a progressive stream, a wrong size and a truncated stream are refused', async () => {
    const record = await sampleJpeg();
    const progressive = await sharp(Buffer.from(record.jpeg)).jpeg({ progressive: true }).toBuffer();
    expect(() => buildInstance(minimalInput({ ...record, jpeg: progressive }))).toThrow(/not baseline/);
    const turned = { ...record, width: record.height, height: record.width };
    expect(() => buildInstance(minimalInput(turned))).toThrow(/size/);
    expect(() => buildInstance(minimalInput({ ...record, jpeg: record.jpeg.subarray(0, 500) }))).toThrow(/EOI/);
  });

  test('a JPEG of RGB components is labelled as what it is', async () => {
    const dataset = readBack(buildInstance(minimalInput({ ...(await sampleJpeg()), photometric: 'RGB' })).bytes);
    expect(dataset.PhotometricInterpretation).toBe('RGB');
  });

  test('the ICC profile is carried byte for byte', async () => {
    const iccProfile = Buffer.from(Array.from({ length: 130 }, (_, i) => i));
    const record = { ...(await sampleJpeg()), iccProfile, colorSpace: 'SRGB' };
    const dataset = readBack(buildInstance(minimalInput(record)).bytes);
    expect(Buffer.from(dataset.ICCProfile[0])).toEqual(iccProfile);
    expect(dataset.ColorSpace).toBe('SRGB');
  });
});

describe('the patient and the request', () => {
  test('identity and request are carried verbatim', async () => {
    const input = fullInput(await sampleJpeg());
    const dataset = readBack(buildInstance(input).bytes);
    expect(dataset).toMatchObject({
      StudyInstanceUID: input.uids.study,
      SeriesInstanceUID: input.uids.series,
      SOPInstanceUID: input.uids.instance,
      AccessionNumber: 'ACC-0001',
      PatientID: 'T-0815/7',
      IssuerOfPatientID: 'TESTHOSP',
      PatientBirthDate: '19700101',
      PatientSex: 'F',
      AdmissionID: 'ADM-1',
      StudyID: 'STUDY-1',
      StudyDate: '20261121',
      StudyTime: '101400',
    });
    expect({ ...dataset.PatientName[0] }).toEqual({
      Alphabetic: 'Muster^Maja^^Dr.',
      Ideographic: '山田^花子',
      Phonetic: 'やまだ^はなこ',
    });
    expect(dataset.RequestAttributesSequence[0]).toMatchObject({
      RequestedProcedureID: 'RP-1',
      ScheduledProcedureStepID: 'SPS-1',
      AccessionNumber: 'ACC-0001',
      StudyInstanceUID: input.uids.study,
    });
  });

  test('a long description is cut, a long identifier is an error that does not tell it', async () => {
    const input = fullInput(await sampleJpeg());
    const described = { ...input, request: { ...input.request, requestedProcedureDescription: 'é'.repeat(70) } };
    expect(readBack(buildInstance(described).bytes).StudyDescription).toBe('é'.repeat(64));
    const accession = { ...input, request: { ...input.request, accessionNumber: 'SECRET-SECRET-SECRET' } };
    const error = thrown(() => buildInstance(accession));
    expect(error).toMatchObject({ code: 'dicom-value', details: { tag: '00080050', vr: 'SH' } });
    expect(JSON.stringify([error.message, error.details, String(error.cause)])).not.toContain('SECRET');
    const id = { ...input, patient: { ...input.patient, id: 'A\\B' } };
    expect(thrown(() => buildInstance(id))).toMatchObject({ code: 'dicom-value', details: { tag: '00100020' } });
    expect(() => buildInstance({ ...input, patient: { ...input.patient, id: ' ' } })).toThrow(/PatientID/);
  });

  test('what is unknown is empty or absent, never invented', async () => {
    const dataset = readBack(buildInstance(minimalInput(await sampleJpeg())).bytes);
    for (const key of ['AccessionNumber', 'PatientBirthDate', 'PatientSex', 'Manufacturer']) {
      expect(dataset[key] ?? '', key).toHaveLength(0);
      expect(dataset, key).toHaveProperty(key);
    }
    for (const key of ['RequestAttributesSequence', 'AcquisitionDateTime', 'DeviceSerialNumber', 'IssuerOfPatientID']) {
      expect(dataset).not.toHaveProperty(key);
    }
    expect(dataset.StudyDate).toBe('20261123'); // 23:30 UTC is the next day at +01:00
  });
});

describe('what was filed', () => {
  test.each(['R', 'L', 'B', 'U', null] as const)('side %s is always stated', async (laterality) => {
    const input = minimalInput(await sampleJpeg());
    const dataset = readBack(buildInstance({ ...input, filing: { ...input.filing, laterality } }).bytes);
    expect(dataset.ImageLaterality).toBe(laterality ?? 'U');
    expect(dataset).not.toHaveProperty('Laterality');
    const modifier = { R: '24028007', L: '7771000', B: '51440002' }[String(laterality)];
    expect(dataset.AnatomicRegionSequence[0].AnatomicRegionModifierSequence?.[0].CodeValue).toBe(modifier);
  });

  test.each([true, false])('burned-in text and recognizable features are always stated (%s)', async (yes) => {
    const input = minimalInput(await sampleJpeg());
    const filing = { ...input.filing, burnedIn: yes, recognizable: !yes };
    const dataset = readBack(buildInstance({ ...input, filing }).bytes);
    expect(dataset.BurnedInAnnotation).toBe(yes ? 'YES' : 'NO');
    expect(dataset.RecognizableVisualFeatures).toBe(yes ? 'NO' : 'YES');
  });

  test('the scheme travels with the code', async () => {
    const input = minimalInput(await sampleJpeg());
    const region = { scheme: 'FMA', code: '37873', meaning: 'Skin of dorsal part of great toe' };
    const dataset = readBack(buildInstance({ ...input, filing: { ...input.filing, region } }).bytes);
    expect(dataset.AnatomicRegionSequence).toHaveLength(1);
    expect(dataset.AnatomicRegionSequence[0]).toMatchObject({
      CodeValue: '37873',
      CodingSchemeDesignator: 'FMA',
      CodeMeaning: 'Skin of dorsal part of great toe',
    });
  });
});

describe('the camera', () => {
  test('EXIF becomes attributes; a time with a known zone is told at the station offset', async () => {
    const dataset = readBack(buildInstance(fullInput(await sampleJpeg())).bytes);
    expect(dataset).toMatchObject({
      Manufacturer: 'Canon',
      ManufacturerModelName: 'EOS R5',
      DeviceSerialNumber: '012345',
      LensModel: 'RF100mm F2.8',
      FNumber: 2.8,
      PhotographicSensitivity: 200,
      FlashFiringStatus: 1,
      FlashMode: 3,
      AcquisitionDateTime: expect.stringMatching(/^20261121101500\.5\+0200 ?$/),
      AcquisitionDate: '20261121',
      AcquisitionTime: '091500.5',
      TimezoneOffsetFromUTC: '+0100',
    });
  });

  test('no zone is claimed for a camera that recorded none', async () => {
    const input = fullInput(await sampleJpeg());
    const capturedAt = { local: '2026-11-21T10:15:00', offset: null };
    const dataset = readBack(buildInstance({ ...input, acquisition: { ...input.acquisition, capturedAt } }).bytes);
    expect(dataset.AcquisitionDateTime).toBe('20261121101500');
    expect(dataset).not.toHaveProperty('TimezoneOffsetFromUTC');
  });

  test('rubbish in EXIF never stops a delivery', async () => {
    const input = fullInput(await sampleJpeg());
    const acquisition = {
      capturedAt: { local: '0000:00:00 00:00:00', offset: '+99:99' },
      camera: { ...input.acquisition.camera, make: '\0\0\0', model: `A\\B\n${'x'.repeat(200)}`, serial: '\ud800' },
      exposure: {
        ...input.acquisition.exposure,
        exposureTimeSeconds: Infinity,
        fNumber: Number.NaN,
        focalLength: 1e300,
        iso: -1,
        flash: 99999,
        meteringMode: 77,
      },
    };
    const dataset = readBack(buildInstance({ ...input, acquisition }).bytes);
    expect(dataset.ManufacturerModelName).toBe(`A/B ${'x'.repeat(60)}`);
    for (const key of ['AcquisitionDateTime', 'ExposureTimeInSeconds', 'FNumber', 'FlashMode', 'DeviceSerialNumber']) {
      expect(dataset).not.toHaveProperty(key);
    }
  });

  test('GPS, owner and maker note have no way into the object', () => {
    for (const { tag } of Object.values(attributes)) expect(tag).not.toMatch(/^0016(007|008|004D|002B)/);
  });
});

describe('a derived picture', () => {
  const derivation = {
    method: 'heic-to-jpeg',
    description: 'Decoded from HEIC and encoded once',
    lossyPrevious: { method: 'ISO_14496_10', ratio: 24.2 },
  };

  test('says so, with both lossy steps', async () => {
    const record = await sampleJpeg({ width: 64, height: 64 });
    const dataset = readBack(buildInstance(minimalInput({ ...record, derivation })).bytes);
    expect(dataset.ImageType).toEqual(['DERIVED', 'PRIMARY']);
    expect(dataset.DerivationDescription).toMatch(/^heic-to-jpeg: Decoded from HEIC and encoded once/);
    expect(dataset.DerivationCodeSequence[0].CodeValue).toBe('113040');
    expect(dataset.LossyImageCompressionMethod).toEqual(['ISO_14496_10', 'ISO_10918_1']);
    expect(dataset.LossyImageCompressionRatio[0]).toBe(24.2);
    expect(dataset.LossyImageCompressionRatio[1]).toBeCloseTo((64 * 64 * 3) / record.jpeg.byteLength, 2);
    expect(dataset).not.toHaveProperty('SourceImageSequence');
    const purposes = dataset.ContributingEquipmentSequence.map(
      (item: { PurposeOfReferenceCodeSequence: { CodeValue: string }[] }) =>
        item.PurposeOfReferenceCodeSequence[0]!.CodeValue,
    );
    expect(purposes).toEqual(['MEDIM', '109103']);
  });

  test.each([
    ['ISO_23008_2', 24.2, 'ISO_23008_2 (24.2:1)'],
    ['ISO_14496_10', null, 'ISO_14496_10'],
  ])('tells an earlier step in words where it cannot be coded: %s %s', async (method, ratio, words) => {
    const record = { ...(await sampleJpeg()), derivation: { ...derivation, lossyPrevious: { method, ratio } } };
    const dataset = readBack(buildInstance(minimalInput(record)).bytes);
    expect(dataset.LossyImageCompressionMethod).toBe('ISO_10918_1');
    expect(dataset.DerivationDescription).toContain(`before that compressed by ${words}`);
  });
});

function thrown(run: () => unknown): Error & { details?: unknown } {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('did not throw');
}
