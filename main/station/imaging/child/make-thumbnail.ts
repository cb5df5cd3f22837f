import type { Sharp } from 'sharp';

import { sharp } from './sharp-setup.ts';
import { sharpnessScore } from './sharpness-score.ts';

export const THUMBNAIL_EDGE = 320;
/** Thumbnails are rows of the index. */
const MOST_BYTES = 64 * 1024;
const QUALITIES = [80, 60, 40, 20];

export type MadeThumbnail = { bytes: Buffer; width: number; height: number; sharpnessScore: number | null };

/** Scales upright pixels to a JPEG of at most 320 pixels and 64 kB, and measures how sharp it is. */
export async function makeThumbnail(upright: Sharp): Promise<MadeThumbnail> {
  const { data, info } = await upright
    .resize(THUMBNAIL_EDGE, THUMBNAIL_EDGE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const score = sharpnessScore(data, width, height, channels);
  let bytes = Buffer.alloc(0);
  for (const quality of QUALITIES) {
    bytes = await sharp(data, { raw: { width, height, channels } }).jpeg({ quality }).toBuffer();
    if (bytes.length <= MOST_BYTES) break;
  }
  return { bytes, width, height, sharpnessScore: score };
}
