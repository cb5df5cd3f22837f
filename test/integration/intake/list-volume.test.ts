import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { provesAbsent } from '../../../main/station/intake/index.ts';
import { listVolume } from '../../../main/station/intake/volume/list-volume.ts';
import type { CardFaults } from '../../support/fuse-card.ts';
import { mountFuseCard } from '../../support/fuse-card.ts';
import { tempFolder } from '../../support/temp.ts';

const list = (root: string) => listVolume(root, new AbortController().signal);

async function listed(names: readonly string[], faults: CardFaults) {
  const card = await mountFuseCard(Object.fromEntries(names.map((name) => [name, Buffer.from('x')])), faults);
  onTestFinished(() => card.remove());
  return list(card.root);
}

test('a folder that breaks off after some entries is unreadable as a whole, not a shorter folder', async () => {
  const names = Array.from({ length: 300 }, (_, at) => `DCIM/IMG_${String(at).padStart(4, '0')}.JPG`);
  const { files, notFollowed } = await listed([...names, 'A.JPG'], {
    'list-fails': { '/DCIM': { after: 250, times: 9 } },
  });
  expect(files.map((file) => file.path)).toEqual(['A.JPG']);
  expect(notFollowed).toEqual([{ path: 'DCIM', what: 'unreadable-folder' }]);
});

test('a root that breaks off is no listing', async () => {
  await expect(listed(['A.JPG', 'B.JPG'], { 'list-fails': { '/': { after: 1, times: 9 } } })).rejects.toMatchObject({
    code: 'EIO',
  });
});

test('a partial listing proves of nothing below its gaps that it is absent', async () => {
  const listing = await listed(['DCIM/1/A.JPG', 'DCIM/2/B.JPG', 'X.JPG'], {
    'list-fails': { '/DCIM/1': { after: 0, times: 9 } },
    'lstat-fails': { '/X.JPG': 9 },
  });
  const isAbsent = provesAbsent(listing);
  expect(isAbsent('DCIM/1/A.JPG')).toBe(false);
  expect(isAbsent('DCIM/1/GONE.JPG')).toBe(false);
  expect(isAbsent('DCIM/1/2/GONE.JPG')).toBe(false);
  expect(isAbsent('X.JPG')).toBe(false);
  expect(isAbsent('X.JPG/BELOW.JPG')).toBe(false);
  expect(isAbsent('DCIM/2/B.JPG')).toBe(false);
  expect(isAbsent('DCIM/2/GONE.JPG')).toBe(true);
  expect(isAbsent('DCIM/10/GONE.JPG')).toBe(true);
  expect(isAbsent('GONE.JPG')).toBe(true);
});

test('folders deeper than a path may be long are named, and the rest is listed', async () => {
  const root = await tempFolder('deep');
  await fs.writeFile(path.join(root, 'A.JPG'), 'x');
  const dive = `import os, sys
os.chdir(sys.argv[1])
for level in range(60): os.mkdir("f" * 100); os.chdir("f" * 100)
open("DEEP.JPG", "w").close()`;
  execFileSync('/usr/bin/python3', ['-c', dive, root]);
  onTestFinished(() => void execFileSync('rm', ['-rf', root]));
  const { files, notFollowed } = await list(root);
  expect(files.map((file) => file.path)).toEqual(['A.JPG']);
  expect(notFollowed).toHaveLength(1);
  expect(['unreadable-folder', 'unreadable-entry']).toContain(notFollowed[0]!.what);
});

test('ten thousand files in one folder are ten thousand files', async () => {
  const root = await tempFolder('many');
  await fs.mkdir(path.join(root, 'DCIM'));
  const make = `import sys
for at in range(10000): open(f"{sys.argv[1]}/DCIM/IMG_{at:05}.JPG", "w").close()`;
  execFileSync('/usr/bin/python3', ['-c', make, root]);
  const { files, notFollowed } = await list(root);
  expect(files).toHaveLength(10_000);
  expect(new Set(files.map((file) => file.path)).size).toBe(10_000);
  expect(notFollowed).toEqual([]);
});

test('a clock beyond any calendar is a moment that can be written down', async () => {
  const { files } = await listed(['A.JPG', 'B.JPG'], { mtime: { '/A.JPG': 9e15, '/B.JPG': -9e15 } });
  for (const { modifiedAt } of files) expect(() => new Date(modifiedAt).toISOString()).not.toThrow();
});
