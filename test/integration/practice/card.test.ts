import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import exifr from 'exifr';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePracticeCard } from '../../../main/station/practice/index.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photodock-card-'));
  await makePracticeCard(folder);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('looks like a card a camera and a phone have written to', async () => {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const jpegs = Array.from({ length: 11 }, (_, at) => `DCIM/100PHOTO/PHOT00${String(at + 1).padStart(2, '0')}.JPG`);
  expect(files.sort()).toEqual(
    [
      ...jpegs,
      'DCIM/100PHOTO/PHOT0011.DNG',
      'DCIM/101PHONE/IMG_0012.AAE',
      'DCIM/101PHONE/IMG_0012.HEIC',
      'MISC/AUTPRINT.MRK',
    ].sort(),
  );
});

test('every JPEG decodes, says when it was taken, and some are stored lying down', async () => {
  const orientations = new Set<number | undefined>();
  for (let number = 1; number <= 11; number += 1) {
    const bytes = await readFile(join(folder, 'DCIM/100PHOTO', `PHOT00${String(number).padStart(2, '0')}.JPG`));
    const metadata = await sharp(bytes).metadata();
    expect(metadata).toMatchObject({ format: 'jpeg', width: 3008, height: 2000, isProgressive: false });
    orientations.add(metadata.orientation);
    expect(await exifr.parse(bytes)).toMatchObject({ Make: 'Practice Cameras', DateTimeOriginal: expect.any(Date) });
  }
  expect([...orientations].sort()).toEqual([1, 3, 6]);
});

test('can be laid out again over what is left of it', async () => {
  await rm(join(folder, 'DCIM/100PHOTO/PHOT0001.JPG'));
  await makePracticeCard(folder);
  expect((await readFile(join(folder, 'DCIM/100PHOTO/PHOT0001.JPG'))).length).toBeGreaterThan(100_000);
});
