import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, startServer } from './server-process.ts';

const script = fileURLToPath(new URL('./fuse-card.py', import.meta.url));

/** How single files misbehave; names as `/DCIM/A.JPG`. See fuse-card.py. */
export interface CardFaults {
  readonly 'other-bytes'?: readonly string[];
  readonly eio?: readonly string[];
  readonly keeps?: readonly string[];
  /** Seconds that each read takes. */
  readonly slow?: number;
  readonly refuses?: Readonly<Record<string, 'EROFS' | 'EACCES' | 'EIO'>>;
}

export interface FuseCard {
  /** Where it is mounted: dock this. */
  readonly root: string;
  /** The plain folder behind it: what is really on the card. */
  readonly backing: string;
  setFaults(faults: CardFaults): Promise<void>;
  /** Pulls it out while it is in use (lazy unmount). */
  pull(): Promise<void>;
  /** Pulls it if it is still in, and removes everything. */
  remove(): Promise<void>;
}

export async function isMounted(root: string): Promise<boolean> {
  return (await fs.readFile('/proc/self/mountinfo', 'utf8')).split('\n').some((line) => line.split(' ')[4] === root);
}

/** Mounts a card that holds these files. */
export async function mountFuseCard(
  files: Readonly<Record<string, Uint8Array>>,
  faults: CardFaults = {},
): Promise<FuseCard> {
  const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'photodock-fuse-')));
  const [backing, root, rules] = ['backing', 'CARD', 'rules.json'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  await fs.mkdir(backing);
  await fs.mkdir(root);
  for (const [name, bytes] of Object.entries(files)) {
    await fs.mkdir(path.dirname(path.join(backing, name)), { recursive: true });
    await fs.writeFile(path.join(backing, name), bytes);
  }
  const setFaults = (next: CardFaults) => fs.writeFile(rules, JSON.stringify(next));
  await setFaults(faults);
  const server = await startServer('/usr/bin/python3', [script, backing, root, rules], {
    cwd: folder,
    ready: () => isMounted(root),
  });
  const pull = async () => {
    if (await isMounted(root)) await run('fusermount', ['-uz', root]);
    await server.stop();
  };
  return {
    root,
    backing,
    setFaults,
    pull,
    async remove() {
      await pull();
      await fs.rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
