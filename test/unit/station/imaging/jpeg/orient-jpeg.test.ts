import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import {
  JpegUnsupportedError,
  orientLosslessly,
  toBaseline,
  toOrientation,
  walkJpeg,
} from '../../../../../main/station/imaging/jpeg/index.ts';
import { codeOf, decodePixels, makeJpeg, runTool, testPicture } from './jpeg-tools.ts';

const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;
/** What jpegtran calls the turn that shows a picture of this EXIF orientation upright. */
const jpegtranTurn: Record<(typeof orientations)[number], string[]> = {
  1: [],
  2: ['-flip', 'horizontal'],
  3: ['-rotate', '180'],
  4: ['-flip', 'vertical'],
  5: ['-transpose'],
  6: ['-rotate', '90'],
  7: ['-transverse'],
  8: ['-rotate', '270'],
};
const samplings: Record<string, string[]> = {
  '4:4:4': ['-sample', '1x1'],
  '4:2:2': ['-sample', '2x1'],
  '4:2:0': ['-sample', '2x2'],
  '4:4:0': ['-sample', '1x2'],
  '4:1:1': ['-sample', '4x1'],
  'uneven chroma': ['-sample', '2x2,1x2,2x1'],
  gray: ['-grayscale'],
  'Adobe RGB': ['-rgb', '-sample', '1x1'],
};
const kinds: Record<string, string[]> = {
  baseline: [],
  progressive: ['-progressive'],
  'baseline with restarts': ['-restart', '3B'],
  'progressive with restarts': ['-progressive', '-restart', '1'],
};
const sizes = [
  [64, 96],
  [61, 47],
  [72, 40],
] as const;

describe('orientLosslessly', { timeout: 120_000 }, () => {
  describe.each(Object.keys(samplings))('%s', (sampling) => {
    test.each(Object.keys(kinds))('%s: pixels are those of jpegtran -perfect, or it refuses too', (kind) => {
      for (const [width, height] of sizes) {
        const source = makeJpeg(width, height, ...samplings[sampling]!, ...kinds[kind]!);
        for (const orientation of orientations) {
          const ours = orientLosslessly(source, orientation);
          const theirs = runTool('jpegtran', ['-copy', 'none', '-perfect', ...jpegtranTurn[orientation]], source);
          const label = `${width}x${height} orientation ${orientation}`;
          expect(ours !== null, label).toBe(theirs.ok);
          if (ours === null) continue;
          expect(decodePixels(ours).equals(decodePixels(theirs.output)), label).toBe(true);
        }
      }
    });
  });

  test('the other way round gives the first stream again', () => {
    const upright = toBaseline(makeJpeg(96, 64, '-sample', '2x1'));
    for (const [turn, back] of [
      [2, 2],
      [3, 3],
      [5, 5],
      [6, 8],
      [7, 7],
    ] as const) {
      expect(Buffer.from(orientLosslessly(orientLosslessly(upright, turn)!, back)!).equals(upright)).toBe(true);
    }
  });

  test.each(['1x1', '2x2'])('four components (CMYK), sampled %s', async (sampling) => {
    const [header, pixels] = [15, testPicture(64, 48)];
    const source = await sharp(pixels.subarray(header - 2), { raw: { width: 64, height: 48, channels: 3 } })
      .toColourspace('cmyk')
      .jpeg({ quality: 90, chromaSubsampling: sampling === '1x1' ? '4:4:4' : '4:2:0' })
      .toBuffer();
    expect(walkJpeg(source).frame.components).toHaveLength(4);
    const ours = orientLosslessly(source, 6)!;
    const theirs = runTool('jpegtran', ['-copy', 'none', '-perfect', '-rotate', '90'], source).output;
    const raw = (jpeg: Uint8Array): Promise<Buffer> => sharp(jpeg).raw().toBuffer();
    expect((await raw(ours)).equals(await raw(theirs))).toBe(true);
  });

  test('swaps the pixel density with the sides', () => {
    const source = makeJpeg(64, 48);
    source.set([1, 0, 72, 0, 144], 13); // units, x density, y density of the JFIF header that cjpeg writes
    expect([...orientLosslessly(source, 6)!.subarray(13, 18)]).toEqual([1, 0, 144, 0, 72]);
    expect([...orientLosslessly(source, 3)!.subarray(13, 18)]).toEqual([1, 0, 72, 0, 144]);
  });

  test('equal sampling factors above 1 count as none: MCUs are single blocks then', () => {
    const source = makeJpeg(40, 40, '-grayscale');
    const frame = source.indexOf(Buffer.from([0xff, 0xc0]));
    source[frame + 11] = 0x22;
    expect(orientLosslessly(source, 3)).not.toBeNull();
  });
});

describe('toBaseline', { timeout: 120_000 }, () => {
  const scripts: Record<string, string> = {
    'one scan per component': '0; 1; 2;',
    'chroma interleaved apart': '0; 1 2;',
    'successive approximation, many bands':
      '0 1 2: 0-0, 0, 2; 0: 1-5, 0, 3; 1: 1-63, 0, 1; 2: 1-63, 0, 1; 0: 6-63, 0, 3; 0: 1-63, 3, 2; 0 1 2: 0-0, 2, 1;' +
      '0: 1-63, 2, 1; 0 1 2: 0-0, 1, 0; 1: 1-63, 1, 0; 2: 1-63, 1, 0; 0: 1-63, 1, 0;',
    'DC in scans apart': '0: 0-0, 0, 0; 1: 0-0, 0, 0; 2: 0-0, 0, 0; 0: 1-63, 0, 0; 1: 1-63, 0, 0; 2: 1-63, 0, 0;',
  };
  test.each(Object.keys(scripts))('scan script: %s', async (name) => {
    const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
    const { join } = await import('node:path');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(join(tmpdir(), 'jpeg-'));
    try {
      await writeFile(join(folder, 'scans'), scripts[name]!.replaceAll(';', ';\n'));
      for (const extra of [[], ['-restart', '2B']]) {
        for (const [width, height] of sizes) {
          const source = makeJpeg(width, height, '-quality', '97', '-scans', join(folder, 'scans'), ...extra);
          const ours = toBaseline(source);
          expect(walkJpeg(ours)).toMatchObject({ frame: { process: 'baseline' }, restartInterval: 0 });
          expect(walkJpeg(ours).scans).toHaveLength(1);
          expect(decodePixels(ours).equals(decodePixels(source))).toBe(true);
        }
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('extended Huffman with 8 bits', () => {
    const baseline = makeJpeg(61, 47);
    const extended = Buffer.from(baseline);
    extended[extended.indexOf(Buffer.from([0xff, 0xc0])) + 1] = 0xc1;
    expect(decodePixels(toBaseline(extended)).equals(decodePixels(baseline))).toBe(true);
  });

  test('writes the entropy-coded data of jpegtran -optimize, byte for byte', () => {
    for (const options of [
      [],
      ['-grayscale'],
      ['-progressive', '-quality', '99'],
      ['-quality', '30', '-sample', '1x1'],
    ]) {
      const source = makeJpeg(200, 150, ...options);
      const scanOf = (jpeg: Uint8Array): Uint8Array => {
        const { dataOffset, dataEnd } = walkJpeg(jpeg).scans[0]!;
        return jpeg.subarray(dataOffset, dataEnd);
      };
      const theirs = runTool('jpegtran', ['-copy', 'none', '-optimize'], source).output;
      expect(Buffer.compare(scanOf(toBaseline(source)), scanOf(theirs))).toBe(0);
    }
  });

  test('other kinds of JPEG are named unsupported', () => {
    const lowQuality = runTool('cjpeg', ['-quality', '1'], testPicture(64, 64)).output;
    expect(codeOf(() => toBaseline(lowQuality))).toBe('jpeg-unsupported');
    expect(codeOf(() => toBaseline(makeJpeg(64, 64, '-arithmetic')))).toBe('jpeg-unsupported');
    const twelveBit = makeJpeg(64, 64);
    twelveBit[twelveBit.indexOf(Buffer.from([0xff, 0xc0])) + 4] = 12;
    expect(() => toBaseline(twelveBit)).toThrow(JpegUnsupportedError);
  });

  test('a file that goes over its coefficients without end is refused', () => {
    const source = makeJpeg(64, 64, '-progressive');
    const { segments, scans } = walkJpeg(source);
    const last = segments.findLast(({ scan }) => scan !== null)!;
    const lastScan = source.subarray(last.offset, scans.at(-1)!.dataEnd);
    const again = (times: number): Buffer =>
      Buffer.concat([source.subarray(0, -2), ...Array<Buffer>(times).fill(lastScan), source.subarray(-2)]);
    expect(codeOf(() => toBaseline(again(20)))).toBe('jpeg-malformed');
    expect(codeOf(() => toBaseline(again(120)))).toBe('jpeg-unsupported');
  });

  test('a progressive file without its first scan is malformed: no component is whole', () => {
    const source = makeJpeg(64, 64, '-progressive');
    const first = walkJpeg(source).segments.find(({ scan }) => scan !== null)!;
    const without = Buffer.concat([source.subarray(0, first.offset), source.subarray(first.scan!.dataEnd)]);
    expect(codeOf(() => toBaseline(without))).toBe('jpeg-malformed');
  });

  test('a header that claims a huge picture is refused before memory is taken', () => {
    const claim = (width: number, height: number): Buffer => {
      const jpeg = makeJpeg(64, 64);
      const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
      jpeg.writeUInt16BE(height, frame + 5);
      jpeg.writeUInt16BE(width, frame + 7);
      return jpeg;
    };
    const before = process.memoryUsage().arrayBuffers;
    expect(codeOf(() => toBaseline(claim(65_535, 65_535)))).toBe('jpeg-unsupported');
    expect(codeOf(() => toBaseline(claim(14_000, 14_000)))).toBe('jpeg-malformed');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });
});

test('toOrientation takes anything unknown as upright', () => {
  expect([6, 0, 9, -1, 2.5, undefined, 'x', Number.NaN].map(toOrientation)).toEqual([6, 1, 1, 1, 1, 1, 1, 1]);
});
