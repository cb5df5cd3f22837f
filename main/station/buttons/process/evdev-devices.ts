import { constants, promises as fs } from 'node:fs';
import path from 'node:path';
import { KEY_CAMERA } from '../limits.ts';
import { readKeys } from './evdev-events.ts';
import type { Found, Open } from './found.ts';
import { bareName } from './found.ts';

const INPUT = '/sys/class/input';
/** KEY_A: what has letters is a keyboard, and is never read. */
const KEY_A = 30;
const LOOK_MS = 20;
const BUFFER_BYTES = 24 * 64;

/** The buttons of cameras as Linux shows them: input devices with KEY_CAMERA (uvcvideo makes one where a camera tells its trigger). */
export async function findEvdev(): Promise<Found[]> {
  if (process.platform !== 'linux') return [];
  const found: Found[] = [];
  for (const name of await names(INPUT)) {
    if (!/^event\d+$/.test(name)) continue;
    const of = (file: string) => fs.readFile(path.join(INPUT, name, 'device', file), 'utf8').catch(() => '');
    const keys = await of('capabilities/key');
    if (!hasKey(keys, KEY_CAMERA) || hasKey(keys, KEY_A)) continue;
    found.push({
      key: `/dev/input/${name}`,
      isScanner: false,
      facts: {
        source: 'evdev',
        vendorId: Number.parseInt(await of('id/vendor'), 16) || 0,
        productId: Number.parseInt(await of('id/product'), 16) || 0,
        interface: -1,
        collections: [],
        name: bareName(await of('name')),
      },
    });
  }
  return found;
}

/** Names in a folder; none when it cannot be read. By opendir: readdir would pass by the bus of the tests. */
async function names(folder: string): Promise<string[]> {
  try {
    const found: string[] = [];
    for await (const entry of await fs.opendir(folder)) found.push(entry.name);
    return found.toSorted();
  } catch {
    return [];
  }
}

/** Whether a key is in a bitmap of sysfs: words of the machine's size in hex, the highest first. */
export function hasKey(bitmap: string, key: number, wordBits = 64): boolean {
  const words = bitmap.trim().split(/\s+/).toReversed();
  const word = words[Math.floor(key / wordBits)] ?? '0';
  if (!/^[0-9a-f]+$/.test(word)) return false;
  return ((BigInt(`0x${word}`) >> BigInt(key % wordBits)) & 1n) === 1n;
}

/**
 * Reads a camera's button: a report of one byte, 1 pressed and 0 released. Looked at again and again, because a read that waits could not be
 * ended before the next press.
 * @throws what the system says when it cannot be opened
 */
export async function openEvdev(
  file: string,
  onReport: (report: Uint8Array) => void,
  onGone: () => void,
): Promise<Open> {
  const handle = await fs.open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(BUFFER_BYTES);
  let isClosed = false;
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_MS);
  function gone(): void {
    clearInterval(timer);
    onGone();
  }
  async function look(): Promise<void> {
    if (isClosed) return;
    try {
      const { bytesRead } = await handle.read(buffer, 0, BUFFER_BYTES, null);
      if (bytesRead === 0) return gone();
      for (const isDown of readKeys(buffer.subarray(0, bytesRead), KEY_CAMERA)) onReport(Uint8Array.of(isDown ? 1 : 0));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') gone();
    }
  }
  return {
    async close() {
      isClosed = true;
      clearInterval(timer);
      await looking;
      await handle.close();
    },
  };
}
