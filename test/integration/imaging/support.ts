import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import sharp from 'sharp';

import { buildTiff, withExif } from '../../unit/station/imaging/tiff-builder.ts';
import { kindOf, type ImageSource } from '../../../main/station/imaging/index.ts';

export function sourceOf(bytes: Uint8Array): ImageSource {
  return {
    kind: kindOf(bytes),
    size: bytes.length,
    async *read() {
      for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
    },
  };
}

/** A real camera picture of the npm package `exif`. */
export function realPicture(name: string): Buffer {
  return readFileSync(join(dirname(createRequire(import.meta.url).resolve('exif/package.json')), 'test', name));
}

/** A 120 x 80 JPEG: red top left, green top right, blue bottom left, white bottom right; stored so that `orientation` makes it so. */
export async function cornersJpeg(orientation = 1, edge: [number, number] = [120, 80]): Promise<Buffer> {
  const [width, height] = edge;
  const quarter = (color: string, left: number, top: number) => ({
    input: { create: { width: width / 2, height: height / 2, channels: 3 as const, background: color } },
    left,
    top,
  });
  const upright = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .composite([quarter('#f00', 0, 0), quarter('#0f0', width / 2, 0), quarter('#00f', 0, height / 2)])
    .png()
    .toBuffer();
  // The inverse of what each orientation asks for.
  const stored = await {
    1: () => sharp(upright),
    2: () => sharp(upright).flop(),
    3: () => sharp(upright).rotate(180),
    4: () => sharp(upright).flip(),
    5: async () => sharp(await sharp(upright).rotate(90).png().toBuffer()).flop(),
    6: () => sharp(upright).rotate(270),
    7: async () => sharp(await sharp(upright).rotate(270).png().toBuffer()).flop(),
    8: () => sharp(upright).rotate(90),
  }[orientation]!();
  const jpeg = await stored.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  return withExif(jpeg, buildTiff({ entries: [[0x0112, { short: [orientation] }]] }));
}

/** The colours of the four corners, as `red`, `green`, `blue`, `white`: top left, top right, bottom left, bottom right. */
export async function cornersOf(jpeg: Uint8Array): Promise<string[]> {
  const { data, info } = await sharp(jpeg).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ].map(([x, y]) => {
    const at = (Math.floor(y! * height) * width + Math.floor(x! * width)) * channels;
    const bits = [data[at]!, data[at + 1]!, data[at + 2]!].map((value) => (value > 128 ? '1' : '0')).join('');
    return { '100': 'red', '010': 'green', '001': 'blue', '111': 'white' }[bits] ?? bits;
  });
}

export const UPRIGHT = ['red', 'green', 'blue', 'white'];

/** Runs a tool of the system over a file in a folder of its own. */
export function convert(
  command: string,
  args: string[],
  input: { name: string; bytes: Uint8Array },
  output: string,
): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'photodock-imaging-'));
  try {
    execFileSync('/bin/sh', ['-c', 'cat > "$0"', join(folder, input.name)], { input: input.bytes });
    execFileSync(command, args, { cwd: folder, stdio: 'ignore' });
    return readFileSync(join(folder, output));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
