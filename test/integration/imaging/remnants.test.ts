import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createImaging } from '../../../main/station/imaging/index.ts';
import { faultRandom, type FaultRandom } from '../../support/fault-random.ts';
import { damaged } from '../../support/hostile-files/damage.ts';
import { makeSamples, type Samples } from '../../support/hostile-files/index.ts';
import { removeFolder, tempFolder } from '../../support/server-process.ts';
import { realPicture, sourceOf } from './support.ts';

// A damaged file has pixels that nobody wrote. What a decoder leaves there must not be what it decoded before: another patient.

let folder: string;
let samples: Samples;
beforeAll(async () => {
  folder = await tempFolder('remnants');
  samples = await makeSamples(folder);
});
afterAll(() => removeFolder(folder));

/** Not AVIF: no damaged one of hundreds was displayed at all. */
const KINDS = ['heic', 'tiff', 'png', 'cr2'] as const;

describe('a damaged picture', () => {
  it.each(KINDS)('%s: shows the same after other pictures as in a fresh process', async (kind) => {
    const broken = Array.from({ length: 24 }, (_, seed) =>
      seed % 2 === 0 ? damaged(samples[kind], faultRandom(seed)) : oneBitTurned(samples[kind], faultRandom(seed)),
    );
    const others = [samples.heic, samples.avif, samples.png, realPicture('evil1.jpg')];
    const shown = async (disturbed: boolean) => {
      const imaging = createImaging({ processes: 1 });
      try {
        const pictures: (string | null)[] = [];
        for (const [index, bytes] of broken.entries()) {
          if (disturbed) await imaging.render(sourceOf(others[index % others.length]!), 'full');
          const answer = await imaging.render(sourceOf(bytes), 'full').catch(() => null);
          pictures.push(answer === null ? null : (await sharp(answer.bytes).raw().toBuffer()).toString('base64'));
        }
        return pictures;
      } finally {
        await imaging.close();
      }
    };
    const [alone, after] = [await shown(false), await shown(true)];
    expect(alone.some((picture) => picture !== null)).toBe(true);
    expect(alone.map((picture, index) => picture === after[index])).toEqual(alone.map(() => true));
  });
});

function oneBitTurned(bytes: Buffer, random: FaultRandom): Buffer {
  const turned = Buffer.from(bytes);
  turned[turned.length - 1 - random.below(turned.length >> 1)]! ^= 1 << random.below(8);
  return turned;
}
