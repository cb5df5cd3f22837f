import type { Rendering, RenderSize } from '../types.ts';
import { decodeTolerantly } from './decode-tolerantly.ts';
import { openPicture } from './open-picture.ts';

/** Enough for a 24-inch ward monitor; `full` has every pixel, for the viewer's zoom. */
const SCREEN_EDGE = 2560;

/** Upright sRGB pixels as a JPEG without metadata, to look at. */
export async function render(
  bytes: Uint8Array,
  size: RenderSize,
): Promise<{ value: Omit<Rendering, 'bytes'>; parts: Uint8Array[] }> {
  const picture = await openPicture(bytes);
  const { result } = await decodeTolerantly(picture, {}, (upright) => {
    const scaled =
      size === 'full' ? upright : upright.resize(SCREEN_EDGE, SCREEN_EDGE, { fit: 'inside', withoutEnlargement: true });
    return scaled
      .toColourspace('srgb')
      .jpeg({ quality: size === 'full' ? 92 : 85, optimiseCoding: false })
      .toBuffer({ resolveWithObject: true });
  });
  const { width, height } = result.info;
  return { value: { mediaType: 'image/jpeg', width, height }, parts: [result.data] };
}
