import sharp from 'sharp';
import { type InstanceInput, type JpegRecord, newUid } from '../../../../../main/station/archive/dicom/index.ts';

/** A small synthetic JPEG: a gradient with some structure, no metadata. */
export async function sampleJpeg(
  options: { width?: number; height?: number; gray?: boolean; quality?: number; subsampling?: '4:2:0' | '4:4:4' } = {},
): Promise<JpegRecord> {
  const { width = 61, height = 47, gray = false, quality = 90, subsampling = '4:2:0' } = options;
  const components = gray ? 1 : 3;
  const pixels = Buffer.alloc(width * height * components, 0);
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = (i * 7 + Math.floor(i / width) * 3) % 256;
  const jpeg = await sharp(pixels, { raw: { width, height, channels: components } })
    .toColourspace(gray ? 'b-w' : 'srgb')
    .jpeg({ quality, chromaSubsampling: subsampling })
    .toBuffer();
  const photometric = gray ? 'MONOCHROME2' : 'YBR_FULL_422';
  return { jpeg, width, height, components, photometric, iccProfile: null, colorSpace: null, derivation: 'none' };
}

/** A JPEG whose length is odd or even, as asked. */
export async function jpegOfParity(odd: boolean): Promise<JpegRecord> {
  for (let quality = 60; quality < 100; quality += 1) {
    const record = await sampleJpeg({ quality });
    if ((record.jpeg.byteLength % 2 === 1) === odd) return record;
  }
  throw new Error('no JPEG of that parity');
}

const noCamera = {
  make: null,
  model: null,
  serial: null,
  lensMake: null,
  lensModel: null,
  lensSerial: null,
  software: null,
};
const noExposure = {
  exposureTimeSeconds: null,
  fNumber: null,
  focalLength: null,
  focalLengthIn35mm: null,
  iso: null,
  exposureProgram: null,
  exposureBias: null,
  meteringMode: null,
  flash: null,
  whiteBalance: null,
};

/** The least that a capture of a known patient has: no request, no EXIF, no institution. */
export function minimalInput(record: JpegRecord): InstanceInput {
  return {
    record,
    uids: { study: newUid(), series: newUid(), instance: newUid() },
    patient: { name: { alphabetic: 'Test^Patient' }, id: 'T-1', issuer: null, birthDate: null, sex: null },
    request: {
      accessionNumber: null,
      requestedProcedureId: null,
      scheduledProcedureStepId: null,
      requestedProcedureDescription: null,
      scheduledProcedureStepDescription: null,
      procedureCodes: null,
      protocolCodes: null,
      referringPhysicianName: null,
      admissionId: null,
      studyId: null,
      studyStart: null,
    },
    filing: {
      region: { scheme: 'SCT', code: '113179006', meaning: 'Skin of nose' },
      laterality: null,
      view: null,
      burnedIn: false,
      recognizable: false,
      operator: null,
    },
    acquisition: { capturedAt: { local: null, offset: null }, camera: noCamera, exposure: noExposure },
    series: { number: 1, description: null, date: null, time: null },
    instanceNumber: 1,
    station: {
      name: 'DOCK-1',
      institution: null,
      department: null,
      manufacturer: 'Photodock',
      softwareVersion: '0.1.0',
      timezoneOffset: '+01:00',
    },
    contentAt: Date.UTC(2026, 10, 22, 23, 30, 5, 250),
  };
}

/** Everything known. */
export function fullInput(record: JpegRecord): InstanceInput {
  const minimal = minimalInput(record);
  return {
    ...minimal,
    patient: {
      name: { alphabetic: 'Muster^Maja^^Dr.', ideographic: '山田^花子', phonetic: 'やまだ^はなこ' },
      id: 'T-0815/7',
      issuer: 'TESTHOSP',
      birthDate: '19700101',
      sex: 'F',
    },
    request: {
      accessionNumber: 'ACC-0001',
      requestedProcedureId: 'RP-1',
      scheduledProcedureStepId: 'SPS-1',
      requestedProcedureDescription: 'Photography of hand',
      scheduledProcedureStepDescription: 'Two views',
      procedureCodes: [{ scheme: 'SCT', code: '72170-4', meaning: 'Photographic image' }],
      protocolCodes: [{ scheme: 'SCT', code: '257444003', meaning: 'Photograph' }],
      referringPhysicianName: 'Referrer^Rita',
      admissionId: 'ADM-1',
      studyId: 'STUDY-1',
      studyStart: { date: '20261121', time: '101400' },
    },
    filing: {
      region: { scheme: 'SCT', code: '33712006', meaning: 'Skin of hand' },
      laterality: 'L',
      view: 'Close-up, dorsal',
      burnedIn: true,
      recognizable: true,
      operator: 'Photographer^Paul',
    },
    acquisition: {
      capturedAt: { local: '2026-11-21T10:15:00.5', offset: '+02:00' },
      camera: {
        make: 'Canon',
        model: 'EOS R5',
        serial: '012345',
        lensMake: 'Canon',
        lensModel: 'RF100mm F2.8',
        lensSerial: '99',
        software: '1.8.1',
      },
      exposure: {
        exposureTimeSeconds: 1 / 60,
        fNumber: 2.8,
        focalLength: 100,
        focalLengthIn35mm: 100,
        iso: 200,
        exposureProgram: 2,
        exposureBias: -1 / 3,
        meteringMode: 5,
        flash: 0x19,
        whiteBalance: 0,
      },
    },
    series: { number: 3, description: 'Card of 21 November', date: '20261121', time: '101400' },
    instanceNumber: 12,
    station: { ...minimal.station, institution: 'Test Hospital', department: 'Dermatology' },
  };
}
