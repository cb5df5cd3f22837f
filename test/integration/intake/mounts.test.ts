import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchVolumes } from '../../../main/station/intake/index.ts';
import { isMounted } from '../../support/fuse-card.ts';
import { startServer } from '../../support/server-process.ts';
import { tempFolder } from '../../support/temp.ts';

/** Collects what a watch says and lets a test wait for it. */
async function watching(options: { mountRoots?: string[]; watchFolders?: string[] }) {
  const said: { what: string; root: string; at: number }[] = [];
  const waiting: (() => void)[] = [];
  const say = (what: string) => (root: string) => {
    said.push({ what, root, at: Date.now() });
    for (const look of waiting.splice(0)) look();
  };
  const watch = await watchVolumes({
    mountRoots: [],
    watchFolders: [],
    ...options,
    onAppear: say('appear'),
    onVanish: say('vanish'),
  });
  onTestFinished(() => watch.close());
  const until = async (what: string, root: string) => {
    for (;;) {
      const found = said.find((one) => one.what === what && one.root === root);
      if (found) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { said, until };
}

test('a card that is mounted below a mount root is noticed within two seconds, and so is its going', async () => {
  const folder = await tempFolder('mounts');
  const [image, roots] = [path.join(folder, 'card.img'), path.join(folder, 'media')];
  const root = path.join(roots, 'EOS_DIGITAL');
  await fs.mkdir(root, { recursive: true });
  await fs.writeFile(image, '');
  await fs.truncate(image, 8 << 20);
  execFileSync('/usr/sbin/mkfs.vfat', ['-n', 'EOS_DIGITAL', image]);
  const { said, until } = await watching({ mountRoots: [roots] });
  expect(said).toEqual([]);
  const server = await startServer('/usr/bin/fusefat', ['-f', '-o', 'rw+', image, root], {
    cwd: folder,
    ready: () => isMounted(root),
  });
  onTestFinished(() => server.stop());
  const mountedAt = Date.now();
  expect((await until('appear', root)).at - mountedAt).toBeLessThan(2000);
  execFileSync('fusermount', ['-u', root]);
  const unmountedAt = Date.now();
  expect((await until('vanish', root)).at - unmountedAt).toBeLessThan(2000);
  expect(said.map((one) => one.what)).toEqual(['appear', 'vanish']);
});

test('a folder that appears in a watched folder is a medium once it is quiet; those below it are not', async () => {
  const inbox = await tempFolder('inbox');
  const { said, until } = await watching({ watchFolders: [inbox] });
  const card = path.join(inbox, 'card');
  await fs.mkdir(path.join(card, 'DCIM'), { recursive: true });
  await fs.writeFile(path.join(card, 'DCIM', 'A.JPG'), 'x');
  await until('appear', card);
  await fs.rm(card, { recursive: true });
  await until('vanish', card);
  expect(said.map((one) => [one.what, one.root])).toEqual([
    ['appear', card],
    ['vanish', card],
  ]);
});
