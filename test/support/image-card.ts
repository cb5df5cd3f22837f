import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { isMounted } from './fuse-card.ts';
import { run, startServer } from './server-process.ts';

/** A real filesystem of a camera's card in an image file, mounted. */
export interface ImageCard {
  readonly root: string;
  remove(): Promise<void>;
}

async function must(command: string, args: string[]): Promise<string> {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new Error(`${command}: ${output}`);
  return output.trim();
}

async function emptyImage(folder: string, bytes: number): Promise<{ image: string; root: string }> {
  const [image, root] = [path.join(folder, 'card.img'), path.join(folder, 'EOS_DIGITAL')];
  await mkdir(root, { recursive: true });
  const file = await open(image, 'w');
  await file.truncate(bytes);
  await file.close();
  return { image, root };
}

/** FAT32 by fusefat: needs FUSE only. */
export async function mountFat32(folder: string): Promise<ImageCard> {
  const { image, root } = await emptyImage(folder, 40 << 20);
  await must('/usr/sbin/mkfs.vfat', ['-F', '32', '-s', '1', image]);
  // Without a label: fusefat shows it as a file.
  const args = ['-f', '-o', 'rw+', image, root];
  const server = await startServer('/usr/bin/fusefat', args, { cwd: folder, ready: () => isMounted(root) });
  return {
    root,
    async remove() {
      if (await isMounted(root)) await run('fusermount', ['-uz', root]);
      await server.stop();
    },
  };
}

/** exFAT by exfat-fuse on a loop device: needs root. */
export async function mountExfat(folder: string, options: { readOnly?: boolean } = {}): Promise<ImageCard> {
  const { image, root } = await emptyImage(folder, 16 << 20);
  await must('/usr/sbin/mkfs.exfat', ['-L', 'EOS_DIGITAL', image]);
  const device = await must('/usr/sbin/losetup', ['-f', '--show', image]);
  const mount = async (readOnly: boolean) =>
    must('/usr/sbin/mount.exfat-fuse', ['-o', readOnly ? 'ro' : 'rw', device, root]);
  await mount(false);
  const remove = async () => {
    if (await isMounted(root)) await run('umount', ['-l', root]);
    await run('/usr/sbin/losetup', ['-d', device]);
  };
  if (options.readOnly) {
    await must('umount', [root]);
    await mount(true);
  }
  return { root, remove };
}
