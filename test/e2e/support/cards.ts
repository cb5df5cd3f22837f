import { mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { WardPlaces } from './ward.ts';

export type CardFiles = Readonly<Record<string, Uint8Array>>;

/** A small picture with a camera's time in it; no two numbers give the same. */
export async function photograph(number: number, takenAt: Date = new Date(2026, 10, 20, 9, number)): Promise<Buffer> {
  const hue = (number * 47) % 360;
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [takenAt.getFullYear(), two(takenAt.getMonth() + 1), two(takenAt.getDate())].join(':');
  const time = [two(takenAt.getHours()), two(takenAt.getMinutes()), two(takenAt.getSeconds())].join(':');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="640">
    <rect width="960" height="640" fill="hsl(${hue} 35% 70%)"/><circle cx="${120 + (number % 8) * 100}" cy="320" r="${90 + (number % 5) * 12}"
    fill="hsl(${hue} 45% 40%)"/><path d="M0 ${400 + number} L960 ${200 + number}" stroke="#333" stroke-width="5"/></svg>`;
  return sharp(Buffer.from(svg))
    .jpeg({ quality: 88 })
    .withExif({ IFD0: { Make: 'Test', Model: 'Ward Camera' }, IFD2: { DateTimeOriginal: `${day} ${time}` } })
    .toBuffer();
}

/** Begins like a JPEG and is none. */
export function brokenPicture(): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
    Buffer.from('JFIF\0'),
    Buffer.alloc(2000, 'broken'),
  ]);
}

/** The names and bytes of `count` photographs as a camera numbers them. */
export async function photographs(count: number, first = 1): Promise<CardFiles> {
  const files: Record<string, Uint8Array> = {};
  for (let number = first; number < first + count; number += 1) {
    files[`DCIM/100WARDS/WARD${String(number).padStart(4, '0')}.JPG`] = await photograph(number);
  }
  return files;
}

/** `count` tiny pictures that differ in a comment only: a card that takes a while to read, and no time to make. */
export async function manyPictures(count: number, mark: string): Promise<CardFiles> {
  const picture = await photograph(1);
  const files: Record<string, Uint8Array> = {};
  for (let number = 1; number <= count; number += 1) {
    const text = Buffer.from(`${mark} ${number}`);
    const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
    const name = `DCIM/100WARDS/MANY${String(number).padStart(4, '0')}.JPG`;
    files[name] = Buffer.concat([picture.subarray(0, 2), head, text, picture.subarray(2)]);
  }
  return files;
}

/** Pictures of real cameras, from the npm package `exif`. */
export async function realPictures(names: readonly string[]): Promise<CardFiles> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('exif/package.json')), 'test');
  const entries = names.map(
    async (name) => [`DCIM/101REAL/${name.toUpperCase()}`, await readFile(join(folder, name))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** Fills a card elsewhere and plugs it in whole: it docks by itself. Answers where it is. */
export async function plugIn(places: WardPlaces, name: string, files: CardFiles): Promise<string> {
  const card = await mkdtemp(join(places.folder, 'card-'));
  for (const [file, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(card, file)), { recursive: true });
    await writeFile(join(card, file), bytes);
  }
  const root = join(places.slot, name);
  await rename(card, root);
  return root;
}
