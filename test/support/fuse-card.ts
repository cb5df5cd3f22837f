import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerProcess } from './server-process.ts';
import { run, startServer } from './server-process.ts';

const script = fileURLToPath(new URL('./fuse-card.py', import.meta.url));

type Names = readonly string[];
type Of<T> = Readonly<Record<string, T>>;

/** How a card misbehaves; names as `/DCIM/A.JPG`. fuse-card.py says what each means. */
export interface CardFaults {
  readonly eio?: Names | Of<{ from?: number; times?: number }>;
  readonly 'other-bytes'?: Names;
  readonly 'first-other'?: Names;
  readonly short?: Of<number>;
  /** Seconds that each read takes. */
  readonly slow?: number;
  readonly ghosts?: Names;
  readonly grows?: Of<number>;
  readonly endless?: Names;
  readonly shrinks?: Names;
  readonly touched?: Names;
  readonly mtime?: Of<number>;
  readonly 'lstat-fails'?: Of<number>;
  readonly 'statfs-fails'?: number;
  readonly 'list-fails'?: Of<{ after: number; times: number }>;
  readonly 'list-twice'?: Names;
  readonly 'list-also'?: Of<Names>;
  readonly keeps?: Names;
  readonly refuses?: Of<'EROFS' | 'EACCES' | 'EPERM' | 'EIO'>;
  readonly 'erases-other'?: Of<string>;
  readonly hides?: Names;
  readonly backing?: string;
  readonly 'dies-at'?: { op: 'read' | 'list' | 'unlink'; count: number };
}

export interface FuseCard {
  /** Where it is mounted: dock this. */
  readonly root: string;
  /** The plain folder behind it: what is really on the card. */
  readonly backing: string;
  setFaults(faults: CardFaults): Promise<void>;
  /** Pulls it out while it is in use (lazy unmount). */
  pull(): Promise<void>;
  /** Puts it, or another card, back in at the same place after it was pulled. */
  insert(other?: { readonly backing: string; readonly readOnly?: boolean }): Promise<void>;
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
  const setFaults = async (next: CardFaults) => {
    await fs.writeFile(`${rules}.new`, JSON.stringify(next));
    await fs.rename(`${rules}.new`, rules);
  };
  await setFaults(faults);
  let server: ServerProcess | null = null;
  const card: FuseCard = {
    root,
    backing,
    setFaults,
    async pull() {
      if (await isMounted(root)) await run('fusermount', ['-uz', root]);
      await server?.stop();
      server = null;
    },
    async insert(other = { backing }) {
      const args = [script, other.backing, root, rules, ...(other.readOnly ? ['ro'] : [])];
      server = await startServer('/usr/bin/python3', args, { cwd: folder, ready: () => isMounted(root) });
    },
    async remove() {
      await card.pull();
      await fs.rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  await card.insert();
  return card;
}
