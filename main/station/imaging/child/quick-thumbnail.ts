import type { Thumbnail } from '../types.ts';
import { exifThumbnail, metadataOf, openExif } from './exif.ts';
import { readJpegHead } from './jpeg-head.ts';
import { makeThumbnail } from './make-thumbnail.ts';
import { sharp } from './sharp-setup.ts';
import { turn } from './turn.ts';

/** The camera's own thumbnail out of the first bytes of a JPEG, turned upright; `null` when it has none that can be used. */
export async function quickThumbnail(
  firstBytes: Uint8Array,
): Promise<{ value: Omit<Thumbnail, 'bytes'> | null; parts: Uint8Array[] }> {
  const none = { value: null, parts: [] };
  const block = readJpegHead(firstBytes)?.exif ?? null;
  if (block === null) return none;
  const directories = openExif(block);
  const jpeg = exifThumbnail(directories, block);
  const head = jpeg === null ? null : readJpegHead(jpeg);
  if (jpeg === null || head === null || head.width * head.height > 1_000_000) return none;
  try {
    const { orientation } = metadataOf(directories, null);
    const upright = turn(sharp(jpeg, { failOn: 'error', limitInputPixels: 1_000_000 }), orientation);
    const { bytes, width, height } = await makeThumbnail(upright);
    return { value: { mediaType: 'image/jpeg', width, height }, parts: [bytes] };
  } catch {
    return none;
  }
}
