import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type JpegRecord,
  orientLosslessly,
  recordFromJpeg,
  stripJpeg,
  walkJpeg,
} from '../../../../../main/station/imaging/jpeg/index.ts';
import { codeOf, decodePixels, makeJpeg, makeSegment, runTool, testPicture, withSegments } from './jpeg-tools.ts';

function record(bytes: Uint8Array, orientation = 1): JpegRecord {
  const result = recordFromJpeg(bytes, orientation);
  if ('needsDerivation' in result) throw new Error(result.needsDerivation);
  return result;
}

describe('recordFromJpeg', () => {
  test('an upright baseline file without metadata is the record as it is', () => {
    const file = makeJpeg(61, 47, '-sample', '2x2');
    const made = record(file);
    expect(Buffer.from(made.jpeg).equals(file)).toBe(true);
    const { jpeg: _, ...facts } = made;
    expect(facts).toEqual({
      width: 61,
      height: 47,
      components: 3,
      subsampling: '420',
      photometric: 'YBR_FULL_422',
      iccProfile: null,
      steps: [],
      truncated: false,
    });
  });

  test('metadata are stripped, the stream is copied, the ICC profile handed out', () => {
    const file = makeJpeg(61, 47);
    const profile = 'p'.repeat(200);
    const loaded = withSegments(
      file,
      makeSegment(0xe1, 'Exif\0\0GPS'),
      makeSegment(0xe2, `ICC_PROFILE\0\x01\x01${profile}`),
    );
    const made = record(loaded);
    expect(Buffer.from(made.jpeg).equals(file)).toBe(true);
    expect(made.steps).toEqual(['stripped']);
    expect(Buffer.from(made.iccProfile!).toString()).toBe(profile);
  });

  test('turning changes sides and subsampling, and is said', () => {
    const made = record(makeJpeg(64, 48, '-sample', '2x1', '-progressive'), 6);
    expect(made).toMatchObject({ width: 48, height: 64, subsampling: '440' });
    expect(made.steps).toEqual(['stripped', 'rotated-losslessly', 'baselined-losslessly']);
    expect(walkJpeg(made.jpeg).frame).toMatchObject({ process: 'baseline', width: 48, height: 64 });
    expect(record(makeJpeg(64, 48), 3).steps).toEqual(['stripped', 'rotated-losslessly']);
    expect(record(makeJpeg(64, 48, '-progressive')).steps).toEqual(['stripped', 'baselined-losslessly']);
  });

  test.each([
    ['gray', ['-grayscale'], { components: 1, photometric: 'MONOCHROME2', subsampling: 'gray' }],
    ['Adobe RGB', ['-rgb', '-sample', '1x1'], { photometric: 'RGB', subsampling: '444' }],
    ['4:1:1', ['-sample', '4x1'], { photometric: 'YBR_FULL_422', subsampling: '411' }],
    ['4:1:0', ['-sample', '4x2'], { photometric: 'YBR_FULL_422', subsampling: 'other' }],
  ])('names the colours of %s', (_, options, facts) => {
    expect(record(makeJpeg(64, 48, ...options))).toMatchObject(facts);
  });

  test('with neither JFIF nor Adobe the names of the components say the colours', () => {
    const rgb = makeJpeg(64, 48, '-rgb');
    const adobe = walkJpeg(rgb).segments.find(({ marker }) => marker === 0xee)!;
    const bare = Buffer.concat([rgb.subarray(0, adobe.offset), rgb.subarray(adobe.dataOffset + adobe.dataLength)]);
    expect(record(bare).photometric).toBe('RGB');
    // Decoders believe JFIF before Adobe: so must the label.
    const jfif = makeSegment(0xe0, 'JFIF\0\x01\x02\0\0\x01\0\x01\0\0');
    expect(record(withSegments(rgb, jfif)).photometric).toBe('YBR_FULL_422');
    const ycc = makeJpeg(64, 48);
    expect(record(Buffer.concat([ycc.subarray(0, 2), ycc.subarray(20)])).photometric).toBe('YBR_FULL_422');
  });

  test('says why a picture has to be derived', () => {
    expect(recordFromJpeg(makeJpeg(61, 47), 6)).toEqual({ needsDerivation: 'orientation-imperfect' });
    expect(recordFromJpeg(makeJpeg(64, 48, '-arithmetic'), 1)).toEqual({ needsDerivation: 'unsupported-process' });
    const lowQuality = runTool('cjpeg', ['-quality', '1'], testPicture(64, 64)).output;
    expect(recordFromJpeg(lowQuality, 1)).toEqual({ needsDerivation: 'unsupported-process' });
    const twelveBit = makeJpeg(64, 48);
    twelveBit[twelveBit.indexOf(Buffer.from([0xff, 0xc0])) + 4] = 12;
    expect(recordFromJpeg(twelveBit, 1)).toEqual({ needsDerivation: 'not-8-bit' });
  });

  test('a baseline file without its tables is malformed, not a record', () => {
    const file = makeJpeg(64, 48);
    const table = walkJpeg(file).segments.find(({ marker }) => marker === 0xc4)!;
    const without = Buffer.concat([file.subarray(0, table.offset), file.subarray(table.dataOffset + table.dataLength)]);
    expect(codeOf(() => recordFromJpeg(without, 1))).toBe('jpeg-malformed');
  });

  test('a file that lacks only its end is a whole picture', () => {
    const file = makeJpeg(61, 47);
    const made = record(file.subarray(0, -2));
    expect(made.truncated).toBe(true);
    expect(decodePixels(made.jpeg).equals(decodePixels(file))).toBe(true);
  });

  test('a progressive file cut in a later scan is the picture of the scans that are whole', () => {
    const file = makeJpeg(64, 48, '-progressive');
    const [first, second, third] = walkJpeg(file).scans;
    const cut = file.subarray(0, Math.floor((third!.dataOffset + third!.dataEnd) / 2));
    const made = record(cut, 3);
    const whole = Buffer.concat([file.subarray(0, second!.dataEnd), Buffer.from([0xff, 0xd9])]);
    expect(made).toMatchObject({ truncated: true, width: 64, height: 48 });
    expect(decodePixels(made.jpeg).equals(decodePixels(orientLosslessly(whole, 3)!))).toBe(true);
    expect(codeOf(() => record(file.subarray(0, first!.dataEnd - 20)))).toBe('jpeg-malformed');
  });

  test('a baseline file cut in the middle is no record: a part of the picture is missing', () => {
    const file = makeJpeg(64, 48);
    expect(codeOf(() => recordFromJpeg(file.subarray(0, file.length >> 1), 1))).toBe('jpeg-malformed');
  });
});

// Pictures of up to 24 megapixels, decoded by djpeg several times: slow on a busy machine.
describe('camera files of the npm package exif', { timeout: 120_000 }, () => {
  const folder = join(dirname(createRequire(import.meta.url).resolve('exif/package.json')), 'test');
  const files = readdirSync(folder).filter((name) => name.toLowerCase().endsWith('.jpg'));

  test.each(files)('%s: a record with the same pixels, or an error of ours', (name) => {
    const bytes = readFileSync(join(folder, name));
    let result;
    try {
      result = recordFromJpeg(bytes, 1);
    } catch (error) {
      expect(
        codeOf(() => {
          throw error;
        }),
      ).toMatch(/^jpeg-(malformed|unsupported)$/);
      return;
    }
    if ('needsDerivation' in result) return;
    const original = runTool('djpeg', ['-pnm'], bytes);
    expect(decodePixels(result.jpeg).equals(original.output)).toBe(true);
    for (const orientation of [5, 6] as const) {
      const turned = orientLosslessly(bytes, orientation);
      if (turned === null) continue;
      const turn = { 5: ['-transpose'], 6: ['-rotate', '90'] }[orientation];
      const theirs = runTool('jpegtran', ['-copy', 'none', '-perfect', ...turn], bytes);
      expect(decodePixels(turned).equals(decodePixels(theirs.output))).toBe(true);
    }
  });

  test('most of them are records', () => {
    const records = files.filter((name) => codeOf(() => record(readFileSync(join(folder, name)))) === null);
    expect(records).toEqual(expect.arrayContaining(['sony-alpha-6000.jpg', 'test1.jpg', 'test2.jpg', 'test3.jpg']));
  });

  test('nothing of the EXIF data is left', () => {
    const bytes = readFileSync(join(folder, 'sony-alpha-6000.jpg'));
    expect(bytes.includes('SONY')).toBe(true);
    expect(Buffer.from(stripJpeg(bytes).jpeg).includes('SONY')).toBe(false);
  });
});
