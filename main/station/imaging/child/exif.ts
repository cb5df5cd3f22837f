import type { Camera, CapturedAt, ColorSpace, Exposure, Metadata } from '../types.ts';
import { TiffReader, type TiffDirectory } from '../tiff.ts';
import { appleIds } from './apple-ids.ts';
import { capturedAtOf } from './captured-at.ts';
import { cleanText } from './clean-text.ts';

/** Reads one directory by tag numbers. */
export class Tags {
  readonly reader: TiffReader;
  readonly directory: TiffDirectory;

  constructor(reader: TiffReader, directory: TiffDirectory) {
    this.reader = reader;
    this.directory = directory;
  }

  static at(reader: TiffReader | null, offset: number | undefined): Tags | null {
    const directory = offset === undefined ? null : reader?.directory(offset);
    return reader && directory ? new Tags(reader, directory) : null;
  }

  has(tag: number): boolean {
    return this.directory.entries.has(tag);
  }

  numbers(tag: number, most?: number): number[] {
    return this.reader.numbers(this.directory.entries.get(tag), most);
  }

  number(tag: number): number | null {
    const [value] = this.numbers(tag, 1);
    return value !== undefined && Number.isFinite(value) ? value : null;
  }

  bytes(tag: number): Uint8Array {
    return this.reader.bytes(this.directory.entries.get(tag));
  }

  text(tag: number): string | null {
    return cleanText(this.bytes(tag));
  }

  /** The directory that a tag points to. */
  child(tag: number): Tags | null {
    return Tags.at(this.reader, this.numbers(tag, 1)[0]);
  }
}

/** The two directories all we want to know is in: IFD0 and the EXIF IFD. */
export type ExifDirectories = { main: Tags | null; exif: Tags | null };

/** EXIF out of a TIFF block; a leading `Exif\0\0` is skipped. */
export function openExif(block: Uint8Array | null | undefined): ExifDirectories {
  if (!block) return { main: null, exif: null };
  const hasPrefix = block[0] === 0x45 && block[1] === 0x78 && block[4] === 0;
  const reader = TiffReader.open(hasPrefix ? block.subarray(6) : block);
  const main = Tags.at(reader, reader?.first);
  return { main, exif: main?.child(0x8769) ?? null };
}

/** What we take from EXIF: a list of what is wanted, never all but what is unwanted. */
export function metadataOf({ main, exif }: ExifDirectories, iccColorSpace: ColorSpace | null): Metadata {
  const orientation = main?.number(0x0112) ?? 1;
  return {
    orientation: Number.isInteger(orientation) && orientation >= 1 && orientation <= 8 ? orientation : 1,
    capturedAt: capturedAt(exif),
    camera: camera(main, exif),
    exposure: exposure(exif),
    colorSpace: iccColorSpace ?? exifColorSpace(exif),
    ...appleIds(exif?.bytes(0x927c) ?? new Uint8Array(0)),
    hasGps: (main?.child(0x8825)?.directory.entries.size ?? 0) > 0,
  };
}

/** The JPEG thumbnail of IFD1. */
export function exifThumbnail({ main }: ExifDirectories, block: Uint8Array): Uint8Array | null {
  const tiff = block[0] === 0x45 ? block.subarray(6) : block;
  const second = main === null ? null : Tags.at(main.reader, main.directory.next);
  const [offset] = second?.numbers(0x0201, 1) ?? [];
  const [length] = second?.numbers(0x0202, 1) ?? [];
  if (offset === undefined || length === undefined || offset + length > tiff.length) return null;
  const jpeg = tiff.subarray(offset, offset + length);
  return jpeg[0] === 0xff && jpeg[1] === 0xd8 ? jpeg : null;
}

function capturedAt(exif: Tags | null): CapturedAt {
  const texts = (tags: readonly number[]) => tags.map((tag) => exif?.text(tag) ?? null);
  const [original, subSeconds, offset] = texts([0x9003, 0x9291, 0x9011]);
  const [digitized, digitizedSubSeconds, digitizedOffset] = texts([0x9004, 0x9292, 0x9012]);
  return capturedAtOf(
    { time: original!, subSeconds: subSeconds!, offset: offset! },
    { time: digitized!, subSeconds: digitizedSubSeconds!, offset: digitizedOffset! },
  );
}

function camera(main: Tags | null, exif: Tags | null): Camera {
  return {
    make: main?.text(0x010f) ?? null,
    model: main?.text(0x0110) ?? null,
    serial: exif?.text(0xa431) ?? main?.text(0xc62f) ?? null,
    lensMake: exif?.text(0xa433) ?? null,
    lensModel: exif?.text(0xa434) ?? null,
    lensSerial: exif?.text(0xa435) ?? null,
    software: main?.text(0x0131) ?? null,
  };
}

function exposure(exif: Tags | null): Exposure {
  const number = (tag: number) => exif?.number(tag) ?? null;
  const byte = (tag: number) => (exif?.bytes(tag).length === 0 ? null : (exif?.bytes(tag)[0] ?? null));
  const lens = exif?.numbers(0xa432, 4).map((value) => (Number.isFinite(value) ? value : null)) ?? [];
  return {
    exposureTimeSeconds: number(0x829a),
    fNumber: number(0x829d),
    exposureProgram: number(0x8822),
    iso: number(0x8833) ?? number(0x8827),
    sensitivityType: number(0x8830),
    shutterSpeedValue: number(0x9201),
    apertureValue: number(0x9202),
    brightnessValue: number(0x9203),
    exposureBias: number(0x9204),
    maxApertureValue: number(0x9205),
    subjectDistanceMetres: number(0x9206),
    meteringMode: number(0x9207),
    lightSource: number(0x9208),
    flash: number(0x9209),
    focalLength: number(0x920a),
    focalLengthIn35mm: number(0xa405),
    exposureIndex: number(0xa215),
    sensingMethod: number(0xa217),
    fileSource: byte(0xa300),
    sceneType: byte(0xa301),
    customRendered: number(0xa401),
    exposureMode: number(0xa402),
    whiteBalance: number(0xa403),
    digitalZoomRatio: number(0xa404),
    sceneCaptureType: number(0xa406),
    gainControl: number(0xa407),
    contrast: number(0xa408),
    saturation: number(0xa409),
    sharpness: number(0xa40a),
    subjectDistanceRange: number(0xa40c),
    lensSpecification: lens.length === 4 ? lens : null,
  };
}

/** ColorSpace 1 is sRGB; cameras write "uncalibrated" and the interoperability index R03 for Adobe RGB (DCF 2.0). */
function exifColorSpace(exif: Tags | null): ColorSpace {
  const value = exif?.number(0xa001);
  if (value === 1) return 'srgb';
  if (value === 2) return 'adobe-rgb';
  return value === 65535 && exif?.child(0xa005)?.text(0x0001) === 'R03' ? 'adobe-rgb' : 'unknown';
}
