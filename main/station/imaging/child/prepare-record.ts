import { createHash } from 'node:crypto';

import { isRaw } from '../item-kind.ts';
import { recordFromJpeg, stripJpeg, walkJpeg, type JpegRecord } from '../jpeg/index.ts';
import type { Derivation, PreparedRecord } from '../types.ts';
import { DecodeError } from './decode-error.ts';
import { decodeTolerantly } from './decode-tolerantly.ts';
import { isIccProfile } from './is-icc-profile.ts';
import { isSoundStream } from './is-sound-stream.ts';
import { openPicture, type Picture } from './open-picture.ts';

export type RecordAnswer = Omit<PreparedRecord, 'jpeg' | 'iccProfile'> & { hasIccProfile: boolean };

/** High enough that one generation is not seen; no colour is thrown away. */
const QUALITY = 95;

/** The JPEG stream for the archive: the source's own when it can go in bit for bit, else one derived from it, and said to be. */
export async function prepareRecord(bytes: Uint8Array): Promise<{ value: RecordAnswer; parts: Uint8Array[] }> {
  const picture = await openPicture(bytes);
  const lossless = picture.jpeg === null ? null : losslessRecord(picture.jpeg, picture.metadata.orientation);
  // RGB components under a JPEG transfer syntax are legal JPEG, but no Photometric Interpretation of the VL Image module
  // names them (dciodvfy: error), and viewers show them in false colours.
  const own = lossless !== null && 'jpeg' in lossless && lossless.photometric === 'RGB' ? null : lossless;
  const isSound = own === null || !('jpeg' in own) || (await isTakenFromSound(picture.jpeg!, own));
  if (isSound && own !== null && 'jpeg' in own) {
    const isPreview = picture.jpeg !== bytes;
    const derivation = isPreview ? describe(picture, 'raw-preview') : 'none';
    const steps: string[] = isPreview ? ['preview-extracted', ...own.steps] : [...own.steps];
    if (own.truncated) steps.push('source-truncated');
    return answer(picture, own, own.iccProfile, derivation, steps);
  }
  const method = methodFor(picture, own === null || 'jpeg' in own ? null : own.needsDerivation);
  // Colours stay as they are and the profile goes along, but for CMYK: that has no place in the object.
  const encoding = {
    quality: QUALITY,
    chromaSubsampling: '4:4:4',
    progressive: false,
    optimiseCoding: !isLarge(picture),
  };
  const { result, damaged } = await decodeTolerantly(picture, { ignoreIcc: picture.isRgbOrGrey }, (upright) =>
    upright.toColourspace('srgb').jpeg(encoding).toBuffer(),
  );
  const derived = recordFromJpeg(result, 1);
  if (!('jpeg' in derived)) throw new DecodeError('malformed');
  const steps: string[] = [method, ...derived.steps];
  const isDamaged = damaged || !isSound;
  if (isDamaged) steps.push('source-damaged');
  const icc = picture.isRgbOrGrey ? picture.icc : null;
  const { description, ...derivation } = describe(picture, method);
  const told = isDamaged ? `${description}; the file is damaged` : description;
  return answer(picture, derived, icc, { ...derivation, description: told }, steps);
}

/** Made-to-measure Huffman tables keep all coefficients in memory. */
function isLarge({ size }: Picture): boolean {
  return size !== null && size.width * size.height > 50_000_000;
}

/** A stream that was turned or baselined was written anew and is always sound: then what counts is the one it was made of. */
function isTakenFromSound(source: Uint8Array, record: JpegRecord): Promise<boolean> {
  if (record.steps.every((step) => step === 'stripped')) return isSoundStream(record.jpeg, record.width, record.height);
  const structure = walkJpeg(source);
  return isSoundStream(stripJpeg(source, structure).jpeg, structure.frame.width, structure.frame.height);
}

/** `null` when the stream is too broken or too unusual to be taken over; a tolerant decoder may still show it. */
function losslessRecord(jpeg: Uint8Array, orientation: number): ReturnType<typeof recordFromJpeg> | null {
  try {
    return recordFromJpeg(jpeg, orientation);
  } catch {
    return null;
  }
}

function methodFor({ kind, jpeg }: Picture, needs: string | null): Derivation['method'] {
  if (kind === 'heic') return 'heic-to-jpeg';
  if (jpeg !== null && kind !== 'jpeg') return 'raw-preview';
  return needs === 'orientation-imperfect' ? 'rotated-reencoded' : 'transcoded-to-jpeg';
}

function describe({ kind }: Picture, method: Derivation['method']): Derivation {
  const name = kind.toUpperCase();
  const encoded = `JPEG Baseline quality ${QUALITY} 4:4:4`;
  const description = {
    'heic-to-jpeg': `${name} decoded and encoded as ${encoded}`,
    'raw-preview': `JPEG preview embedded in camera RAW file (${isRaw(kind) ? name : 'TIFF based'})`,
    'rotated-reencoded': `Turned upright by EXIF orientation and encoded as ${encoded}`,
    'transcoded-to-jpeg': `${name} decoded and encoded as ${encoded}`,
  }[method];
  const isLossless = kind === 'png' || kind === 'tiff' || kind === 'gif';
  return { method, description, lossyPrevious: method === 'raw-preview' || !isLossless };
}

function answer(
  { metadata, isRgbOrGrey }: Picture,
  { jpeg, width, height, components, photometric }: JpegRecord,
  statedProfile: Uint8Array | null,
  derivation: RecordAnswer['derivation'],
  steps: string[],
): { value: RecordAnswer; parts: Uint8Array[] } {
  const iccProfile = statedProfile !== null && isIccProfile(statedProfile) ? statedProfile : null;
  const value: RecordAnswer = {
    sha256: createHash('sha256').update(jpeg).digest('hex'),
    width,
    height,
    components,
    photometric,
    hasIccProfile: iccProfile !== null,
    colorSpace: isRgbOrGrey ? metadata.colorSpace : 'srgb',
    derivation,
    steps,
    compressionRatio: Number(((width * height * components) / jpeg.length).toPrecision(4)),
  };
  return { value, parts: iccProfile === null ? [jpeg] : [jpeg, iccProfile] };
}
