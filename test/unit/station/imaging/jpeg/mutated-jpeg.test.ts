import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCoefficients } from '../../../../../main/station/imaging/jpeg/decode-coefficients.ts';
import {
  recordFromJpeg,
  stripJpeg,
  toBaseline,
  toOrientation,
  walkJpeg,
} from '../../../../../main/station/imaging/jpeg/index.ts';
import { codeOf, makeJpeg } from './jpeg-tools.ts';

const seeds = [
  makeJpeg(48, 32, '-sample', '2x2'),
  makeJpeg(33, 17, '-sample', '2x1', '-restart', '1B'),
  makeJpeg(40, 24, '-progressive'),
  makeJpeg(33, 17, '-progressive', '-restart', '2B', '-grayscale'),
  makeJpeg(16, 16, '-rgb', '-optimize'),
];

const ours = [null, 'jpeg-malformed', 'jpeg-unsupported'];

/** A seed with bytes changed, inserted or taken out, and perhaps cut. */
const mutated = fc
  .record({
    seed: fc.constantFrom(...seeds),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        kind: fc.constantFrom('flip', 'set', 'insert', 'remove'),
        value: fc.oneof(
          fc.integer({ min: 0, max: 255 }),
          fc.constantFrom(0, 0xff, 0xc0, 0xc2, 0xc4, 0xd0, 0xd9, 0xda, 0xdd),
        ),
      }),
      { maxLength: 6 },
    ),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ seed, edits, cut }) => {
    const bytes = [...seed];
    for (const { at, kind, value } of edits) {
      const index = Math.floor(at * (bytes.length - 1));
      if (kind === 'flip') bytes[index]! ^= 1 << (value & 7);
      else if (kind === 'set') bytes[index] = value;
      else if (kind === 'insert') bytes.splice(index, 0, value);
      else bytes.splice(index, 1 + (value & 15));
    }
    return Uint8Array.from(cut === null ? bytes : bytes.slice(0, Math.floor(cut * bytes.length)));
  });

describe('broken files', { timeout: 120_000 }, () => {
  test('give a result or one of our two errors, nothing else', () => {
    fc.assert(
      fc.property(mutated, fc.integer({ min: 0, max: 9 }), (bytes, orientation) => {
        expect(ours).toContain(codeOf(() => walkJpeg(bytes)));
        expect(ours).toContain(codeOf(() => stripJpeg(bytes)));
        expect(ours).toContain(codeOf(() => recordFromJpeg(bytes, orientation)));
      }),
      { numRuns: 3000 },
    );
  });

  test('what is made of them can be read again, with the same coefficients', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        let baseline: Uint8Array;
        try {
          baseline = toBaseline(bytes);
        } catch {
          return;
        }
        const before = decodeCoefficients(bytes, walkJpeg(bytes)).planes;
        const after = decodeCoefficients(baseline, walkJpeg(baseline)).planes;
        expect(after.map(({ coefficients }) => coefficients)).toEqual(before.map(({ coefficients }) => coefficients));
      }),
      { numRuns: 1500 },
    );
  });

  test('any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(9), (bytes, orientation) => {
        const jpeg = Uint8Array.from([0xff, 0xd8, ...bytes]);
        expect(ours).toContain(codeOf(() => recordFromJpeg(jpeg, toOrientation(orientation))));
      }),
      { numRuns: 2000 },
    );
  });
});
