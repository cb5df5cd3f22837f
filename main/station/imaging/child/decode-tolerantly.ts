import type { Sharp } from 'sharp';

import { DecodeError } from './decode-error.ts';
import type { Picture, PixelOptions } from './open-picture.ts';

/**
 * Decodes strictly first. When the file is damaged, once more taking what there is: half a wound is better than none, as long as
 * it is said.
 *
 * @throws DecodeError when there is nothing to see either way
 */
export async function decodeTolerantly<Result>(
  picture: Picture,
  options: PixelOptions,
  finish: (upright: Sharp) => Promise<Result>,
): Promise<{ result: Result; damaged: boolean }> {
  try {
    return { result: await finish(await picture.pixels({ ...options, failOn: 'error' })), damaged: false };
  } catch (error) {
    if (error instanceof DecodeError) throw error;
  }
  try {
    return { result: await finish(await picture.pixels({ ...options, failOn: 'none' })), damaged: true };
  } catch (error) {
    throw error instanceof RangeError ? new DecodeError('decoder-memory') : new DecodeError('malformed');
  }
}
