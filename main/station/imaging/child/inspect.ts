import { NOTHING_KNOWN } from '../nothing-known.ts';
import type { Inspection } from '../types.ts';
import { DecodeError } from './decode-error.ts';
import { decodeTolerantly } from './decode-tolerantly.ts';
import { makeThumbnail } from './make-thumbnail.ts';
import { openPicture, type Picture } from './open-picture.ts';

export type InspectionAnswer = Omit<Inspection, 'thumbnail'> & { thumbnail: { width: number; height: number } | null };

/** Everything the station wants to know of an item. @param withPixels false: after a decoder crashed on it, its headers only */
export async function inspect(
  bytes: Uint8Array,
  withPixels: boolean,
): Promise<{ value: InspectionAnswer; parts: Uint8Array[] }> {
  let picture: Picture | null = null;
  try {
    picture = await openPicture(bytes);
    if (!withPixels) return { value: answer(picture, 'unsupported'), parts: [] };
    const { result, damaged } = await decodeTolerantly(picture, {}, makeThumbnail);
    const { width, height } = result;
    const value: InspectionAnswer = {
      ...answer(picture, null),
      damaged,
      thumbnail: { width, height },
      sharpnessScore: result.sharpnessScore,
    };
    return { value, parts: [result.bytes] };
  } catch (error) {
    return { value: answer(picture, error instanceof DecodeError ? error.code : 'malformed'), parts: [] };
  }
}

function answer(picture: Picture | null, reason: Inspection['reason']): InspectionAnswer {
  return {
    ...NOTHING_KNOWN,
    ...picture?.metadata,
    display: reason === null ? 'ok' : 'cannot',
    reason,
    width: picture?.size?.width ?? null,
    height: picture?.size?.height ?? null,
    thumbnail: null,
  };
}
