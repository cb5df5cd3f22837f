import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { buildInstance, type InstanceInput, type JpegRecord } from '../../../main/station/archive/dicom/index.ts';
import { createTerminology } from '../../../main/station/terminology/index.ts';
import { fullInput, jpegOfParity, minimalInput, sampleJpeg } from '../../unit/station/archive/dicom/sample-input.ts';
import { dciodvfy, run } from './dicom-tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'photodock-dicom-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sRgb = (
  await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .withIccProfile('srgb')
    .jpeg()
    .toBuffer()
    .then((bytes) => sharp(bytes).metadata())
).icc!;

async function derived(lossyPrevious: { method: string; ratio: number | null } | null): Promise<JpegRecord> {
  return {
    ...(await sampleJpeg()),
    derivation: { method: 'heic-to-jpeg', description: 'Decoded and encoded once', lossyPrevious },
  };
}

const named = (input: InstanceInput, name: InstanceInput['patient']['name']): InstanceInput => ({
  ...input,
  patient: { ...input.patient, name },
});

const matrix: Record<string, () => Promise<InstanceInput>> = {
  minimal: async () => minimalInput(await sampleJpeg()),
  full: async () => fullInput(await sampleJpeg()),
  'odd length': async () => minimalInput(await jpegOfParity(true)),
  'even length': async () => minimalInput(await jpegOfParity(false)),
  '4:4:4': async () => fullInput(await sampleJpeg({ subsampling: '4:4:4' })),
  grayscale: async () => fullInput(await sampleJpeg({ gray: true })),
  'ICC profile': async () => fullInput({ ...(await sampleJpeg()), iccProfile: sRgb, colorSpace: 'SRGB' }),
  'derived from HEIC': async () => fullInput(await derived({ method: 'ISO_23008_2', ratio: 20.5 })),
  'derived from a JPEG': async () => fullInput(await derived({ method: 'ISO_10918_1', ratio: 12.25 })),
  'derived, ratio unknown': async () => minimalInput(await derived({ method: 'ISO_23008_2', ratio: null })),
  'derived from a lossless picture': async () => minimalInput(await derived(null)),
  'camera zone unknown': async () => {
    const input = fullInput(await sampleJpeg());
    return {
      ...input,
      acquisition: { ...input.acquisition, capturedAt: { local: '2026-11-21T10:15:00', offset: null } },
    };
  },
  'Japanese name': async () =>
    named(minimalInput(await sampleJpeg()), {
      alphabetic: 'Yamada^Tarou',
      ideographic: '山田^太郎',
      phonetic: 'やまだ^たろう',
    }),
  'Cyrillic name': async () => named(minimalInput(await sampleJpeg()), { alphabetic: 'Иванов^Иван' }),
  'umlaut name': async () => named(minimalInput(await sampleJpeg()), { alphabetic: 'Müller-Lüdenscheidt^Jürgen^^Dr.' }),
  'no alphabetic name': async () =>
    named(minimalInput(await sampleJpeg()), { alphabetic: '', ideographic: '山田^太郎' }),
  dermatoscope: async () => {
    const input = minimalInput(await sampleJpeg());
    const camera = { ...input.acquisition.camera, make: 'Optik GmbH', model: 'Scope 4K', serial: 'D-77' };
    const context = 'Dermatoscope: magnification 10x; cross-polarised light; contact; immersion: alcohol';
    return { ...input, acquisition: { ...input.acquisition, camera, context } };
  },
  'over-long descriptions': async () => {
    const input = fullInput(await sampleJpeg());
    const long = 'Two words\\'.repeat(2000); // in ASCII, because dciodvfy counts bytes where PS3.5 counts characters
    return {
      ...input,
      request: { ...input.request, requestedProcedureDescription: long, scheduledProcedureStepDescription: long },
      series: { ...input.series, description: long },
      station: { ...input.station, name: long, institution: long, department: long },
      filing: { ...input.filing, view: long },
    };
  },
};

describe('dciodvfy finds nothing', () => {
  test.each(Object.keys(matrix))('%s', async (key) => {
    const { bytes } = buildInstance(await matrix[key]!());
    expect(dciodvfy(folder, bytes)).toEqual([]);
    const file = join(folder, 'dcmftest.dcm');
    writeFileSync(file, bytes);
    expect(run('dcmftest', [file]).text).toMatch(/^yes:/);
  });

  test('in every region, on the sides in turn', { timeout: 120_000 }, async () => {
    const terminology = createTerminology();
    const input = minimalInput(await sampleJpeg({ width: 16, height: 16 }));
    const findings = terminology.regions().flatMap((region, index) => {
      const sides = terminology.lateralityAllowed(region);
      const laterality = sides[index % sides.length] ?? null;
      const { bytes } = buildInstance({ ...input, filing: { ...input.filing, region, laterality } });
      return dciodvfy(folder, bytes).map((finding) => `${region.key} ${laterality} ${finding}`);
    });
    expect(findings).toEqual([]);
  });
});

test('other readers see the same pixels as in the JPEG', async () => {
  for (const record of [
    await sampleJpeg({ subsampling: '4:4:4' }),
    await sampleJpeg({ gray: true }),
    await sampleJpeg(),
  ]) {
    const [dicom, jpeg] = [join(folder, 'pixels.dcm'), join(folder, 'pixels.jpg')];
    writeFileSync(dicom, buildInstance(minimalInput(record)).bytes);
    writeFileSync(jpeg, record.jpeg);
    const fromDicom = run('dcmj2pnm', ['+cl', '--write-raw-pnm', dicom], 'buffer').stdout;
    const fromJpeg = run('djpeg', ['-pnm', jpeg], 'buffer').stdout;
    expect(rawPixels(fromDicom).equals(rawPixels(fromJpeg))).toBe(true);
  }
});

test('pydicom reads the names in every script', async () => {
  const file = join(folder, 'names.dcm');
  writeFileSync(file, buildInstance(fullInput(await sampleJpeg())).bytes);
  const script = `import pydicom,sys
d=pydicom.dcmread(sys.argv[1]); n=d.PatientName
print('|'.join([n.family_name,n.given_name,n.ideographic,n.phonetic,d.AnatomicRegionSequence[0].CodeValue,d.ImageLaterality]))`;
  expect(run('/usr/bin/python3', ['-c', script, file]).text.trim()).toBe(
    'Muster|Maja|山田^花子|やまだ^はなこ|33712006|L',
  );
});

test('pictures of real cameras, stripped, validate clean', async () => {
  const pictures = join(import.meta.dirname, '../../../node_modules/exif/test');
  let built = 0;
  for (const name of readdirSync(pictures).filter((entry) => entry.endsWith('.jpg'))) {
    const jpeg = run('jpegtran', ['-copy', 'none', join(pictures, name)], 'buffer').stdout;
    if (jpeg.length === 0) continue; // one of the broken ones
    const { width, height, channels } = await sharp(jpeg).metadata();
    const record: JpegRecord = { ...(await sampleJpeg({ gray: channels === 1 })), jpeg, width, height };
    expect(dciodvfy(folder, buildInstance(fullInput(record)).bytes)).toEqual([]);
    built += 1;
  }
  expect(built).toBeGreaterThanOrEqual(5);
});

/** The samples of a binary PNM, behind its three header fields. */
function rawPixels(pnm: Buffer): Buffer {
  const header = /^P[56]\s+(?:#.*\n)?(\d+)\s+(\d+)\s+(\d+)\s/.exec(pnm.subarray(0, 200).toString('latin1'));
  if (!header) throw new Error('no PNM');
  return pnm.subarray(header[0].length);
}
