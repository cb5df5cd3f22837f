import type { Sharp, SharpOptions } from 'sharp';

import { isRaw, type ItemKind } from '../item-kind.ts';
import { kindOf } from '../kind-of.ts';
import { walkJpeg } from '../jpeg/index.ts';
import { TiffReader } from '../tiff.ts';
import type { Metadata } from '../types.ts';
import { DecodeError } from './decode-error.ts';
import { metadataOf, openExif, Tags } from './exif.ts';
import { decodeHeic } from './decode-heic.ts';
import { iccColorSpace } from './icc-color-space.ts';
import { readJpegHead } from './jpeg-head.ts';
import { findRawPreview } from './raw-preview.ts';
import { MOST_PIXELS, sharp } from './sharp-setup.ts';
import { turn } from './turn.ts';

/** Pixels times scans. Encoders write ten scans. */
const MOST_SCANNED_PIXELS = 20 * MOST_PIXELS;

export type Size = { width: number; height: number };
export type PixelOptions = Pick<SharpOptions, 'failOn' | 'ignoreIcc'>;

/** A picture whose headers were read, and the way to its pixels. */
export type Picture = {
  kind: ItemKind;
  metadata: Metadata;
  /** Upright; `null` when unknown, HEIC tells it only once its pixels were decoded. */
  size: Size | null;
  /** The JPEG stream that is the picture: the file itself, or the preview in a RAW file. */
  jpeg: Uint8Array | null;
  icc: Buffer | null;
  /** Of the stored pixels: what the ICC profile speaks of. */
  isRgbOrGrey: boolean;
  /** A pipeline that yields upright pixels. */
  pixels(options: PixelOptions): Promise<Sharp>;
};

/** Reads what a file says of itself. Decides by content alone which decoder may see the pixels. */
export async function openPicture(bytes: Uint8Array): Promise<Picture> {
  const kind = kindOf(bytes);
  if (kind === 'jpeg') return openJpeg(kind, bytes, null);
  if (isRaw(kind)) return openRaw(kind, bytes);
  if (kind === 'heic') return openHeic(bytes);
  if (kind === 'tiff') return isPlainTiff(bytes) ? openOther(kind, bytes) : openRaw(kind, bytes);
  if (kind === 'png' || kind === 'gif' || kind === 'webp' || kind === 'avif') return openOther(kind, bytes);
  throw new DecodeError('unsupported');
}

/** @param metadata what the RAW file around a preview says; it wins over the preview's own */
function openJpeg(kind: ItemKind, bytes: Uint8Array, metadata: Metadata | null): Picture {
  const head = readJpegHead(bytes);
  const own = metadata ?? metadataOf(openExif(head?.exif), iccColorSpace(head?.icc ?? null));
  return {
    kind,
    metadata: own,
    size: head === null ? null : uprightSize(head, own.orientation),
    jpeg: bytes,
    icc: head?.icc ?? null,
    isRgbOrGrey: head === null || head.components <= 3,
    pixels: async (options) => {
      if (head === null) throw new DecodeError('malformed');
      if (head.isProgressive) assertScans(bytes);
      return turn(load(bytes, head, options), own.orientation);
    },
  };
}

function openRaw(kind: ItemKind, bytes: Uint8Array): Picture {
  const { jpeg, directories } = findRawPreview(bytes, kind);
  const icc = jpeg === null ? null : (readJpegHead(jpeg)?.icc ?? null);
  const metadata = metadataOf(directories, iccColorSpace(icc));
  if (jpeg !== null) return openJpeg(kind, jpeg, metadata);
  const pixels = () => Promise.reject(new DecodeError('no-preview'));
  return { kind, metadata, size: null, jpeg: null, icc: null, isRgbOrGrey: true, pixels };
}

/** libheif applies the rotation box itself, so the EXIF orientation says nothing any more. */
async function openHeic(bytes: Uint8Array): Promise<Picture> {
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => null);
  const icc = header?.icc ?? null;
  const picture: Picture = {
    kind: 'heic',
    metadata: { ...metadataOf(openExif(header?.exif), iccColorSpace(icc)), orientation: 1 },
    size: null,
    jpeg: null,
    icc,
    isRgbOrGrey: true,
    pixels: async () => {
      const { data, width, height } = await decodeHeic(bytes);
      picture.size = { width, height };
      return sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: MOST_PIXELS }).removeAlpha();
    },
  };
  return picture;
}

async function openOther(kind: ItemKind, bytes: Uint8Array): Promise<Picture> {
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw new DecodeError('malformed');
    });
  const icc = header.icc ?? null;
  const exif = metadataOf(openExif(kind === 'tiff' ? bytes : header.exif), iccColorSpace(icc));
  const orientation = header.orientation ?? 1;
  return {
    kind,
    metadata: { ...exif, orientation },
    size: uprightSize(header, orientation),
    jpeg: null,
    icc,
    isRgbOrGrey: !['cmyk', 'lab'].includes(header.space ?? ''),
    pixels: async (options) => turn(load(bytes, header, options), orientation).flatten({ background: '#fff' }),
  };
}

/** Each scan of a progressive JPEG may go over all pixels in a few bytes: thousands of them keep a decoder busy for hours. */
function assertScans(bytes: Uint8Array): void {
  let structure;
  try {
    structure = walkJpeg(bytes);
  } catch {
    return;
  }
  const { frame, scans } = structure;
  if (frame.width * frame.height * scans.length > MOST_SCANNED_PIXELS) throw new DecodeError('too-large');
}

function load(bytes: Uint8Array, { width, height }: Size, options: PixelOptions): Sharp {
  if (width * height > MOST_PIXELS) throw new DecodeError('too-large');
  return sharp(bytes, { limitInputPixels: MOST_PIXELS, sequentialRead: true, ...options });
}

function uprightSize({ width, height }: Size, orientation: number): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** RAW formats we do not know by name are TIFF too: their first directory is a small preview or unfinished sensor data. */
function isPlainTiff(bytes: Uint8Array): boolean {
  const reader = TiffReader.open(bytes);
  const first = Tags.at(reader, reader?.first);
  if (first === null) return false;
  const [subfile = 0] = first.numbers(0x00fe, 1);
  const [photometric = 0] = first.numbers(0x0106, 1);
  return (subfile & 1) === 0 && photometric < 32000 && !first.has(0xc612);
}
