import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SealedStore } from '../../../main/station/store/index.ts';
import { filesBelow, tempFolder } from '../../support/temp.ts';

test('when the disk of the station is full, sealing says so and leaves nothing behind', async (context) => {
  const folder = await tempFolder('full');
  const data = path.join(folder, 'data');
  await fs.mkdir(data);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', data]).status !== 0)
    context.skip('needs to mount a small tmpfs');
  onTestFinished(() => void spawnSync('umount', ['-l', data]));
  const sealed = new SealedStore(data, 1);
  onTestFinished(() => sealed.close());
  const file = path.join(folder, 'IMG_1.JPG');
  await fs.writeFile(file, randomBytes(3 << 20));
  const stat = await fs.stat(file);
  const expected = { size: stat.size, modifiedAt: Math.trunc(stat.mtimeMs) };
  await expect(sealed.sealFile(sealed.plan('a'), { file, root: folder }, expected)).rejects.toMatchObject({
    code: 'station-disk-full',
  });
  await expect(sealed.sealBytes(sealed.plan('b'), new Uint8Array(3 << 20))).rejects.toMatchObject({
    code: 'station-disk-full',
  });
  expect(await filesBelow(data)).toEqual([]);
  // There is room again for what fits.
  const small = sealed.plan('c');
  await sealed.sealBytes(small, new Uint8Array(1000));
  expect((await sealed.unseal(small)).bytes.length).toBe(1000);
});
