import fs from 'node:fs/promises';
import path from 'node:path';
import { watch } from 'chokidar';
import { readMounts } from './mount-table.ts';

/** How volumes come and go, on every platform the same: Linux by mountinfo, later drive polling on Windows and macOS. */
export interface VolumeWatch {
  close(): Promise<void>;
}

export interface VolumeWatchOptions {
  /** Mounts at or below these folders are media. */
  readonly mountRoots: readonly string[];
  /** Each folder that appears directly in one of these is a medium (automounters, network drops). */
  readonly watchFolders: readonly string[];
  readonly onAppear: (root: string) => void;
  readonly onVanish: (root: string) => void;
  /** ms between looks at the mount table; a mount is noticed within twice this. */
  readonly pollMs?: number;
}

/** Watches for media; reports those already there at once. */
export async function watchVolumes(options: VolumeWatchOptions): Promise<VolumeWatch> {
  const known = new Set<string>();
  const appear = (root: string) => {
    if (known.has(root)) return;
    known.add(root);
    options.onAppear(root);
  };
  const vanish = (root: string) => {
    if (known.delete(root)) options.onVanish(root);
  };
  const mounted = new Set<string>();
  const look = async () => {
    const now = new Set(
      (await readMounts())
        .map((mount) => mount.mountPoint)
        .filter((point) => options.mountRoots.some((root) => point.startsWith(`${root}/`))),
    );
    for (const point of now) {
      if (mounted.has(point)) continue;
      mounted.add(point);
      appear(point);
    }
    for (const point of mounted) {
      if (now.has(point)) continue;
      mounted.delete(point);
      vanish(point);
    }
  };
  await look();
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => (looking = false));
  }, options.pollMs ?? 500);
  timer.unref();

  const watched = options.watchFolders.length > 0 ? watch([...options.watchFolders], { depth: 0 }) : null;
  const isMedium = (folder: string) => options.watchFolders.some((root) => path.dirname(folder) === path.resolve(root));
  watched?.on('addDir', (folder) => {
    if (isMedium(folder)) void whenQuiet(folder).then(() => appear(folder));
  });
  watched?.on('unlinkDir', (folder) => {
    if (isMedium(folder)) vanish(folder);
  });
  return {
    async close() {
      clearInterval(timer);
      await watched?.close();
    },
  };
}

/** A folder that is being filled is not a medium yet: waits until two looks, half a second apart, agree. */
async function whenQuiet(folder: string): Promise<void> {
  const look = async () => {
    const names = await fs.readdir(folder, { recursive: true }).catch(() => []);
    const sizes = await Promise.all(
      names.map((name) =>
        fs.lstat(path.join(folder, name)).then(
          (s) => s.size,
          () => -1,
        ),
      ),
    );
    return JSON.stringify([names, sizes]);
  };
  for (let before = await look(); ;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await look();
    if (now === before) return;
    before = now;
  }
}
