import { DecodeError } from './decode-error.ts';
import { MOST_PIXELS } from './sharp-setup.ts';

export type Rgba = { data: Uint8ClampedArray; width: number; height: number };

/** Decodes the primary picture of a HEIC file, upright: libheif applies the file's rotation and mirroring. */
export async function decodeHeic(bytes: Uint8Array): Promise<Rgba> {
  // Half the start-up time of this process and 30 MB, so only when one comes.
  const { default: heicDecode } = await import('heic-decode');
  const images = await heicDecode.all({ buffer: bytes }).catch(() => {
    throw new DecodeError('malformed');
  });
  try {
    const [first] = images;
    if (first === undefined) throw new DecodeError('malformed');
    if (first.width * first.height > MOST_PIXELS) throw new DecodeError('too-large');
    return await first.decode().catch(() => {
      throw new DecodeError('malformed');
    });
  } finally {
    images.dispose();
  }
}
