import type { Stats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { modifiedAtOf } from '../../store/index.ts';
import type { ListedFile, Listing, NotFollowed } from '../source.ts';

const SEPARATOR = Buffer.from(path.sep);

/**
 * The name in text. Bytes that are not UTF-8 are shown as \xNN, and so are backslashes that would look like that: no two
 * names of a folder are ever shown alike.
 */
export function showName(name: Buffer): { text: string; exact: boolean } {
  const text = name.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(name) && !/\\x[0-9a-f]{2}/.test(text)) return { text, exact: true };
  const plain = (byte: number) => byte < 0x80 && byte !== 0x5c;
  const shown = [...name].map((byte) =>
    plain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  return { text: shown.join(''), exact: false };
}

function whatIs(stat: Stats): NotFollowed['what'] {
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isBlockDevice() || stat.isCharacterDevice()) return 'device';
  if (stat.isSocket()) return 'socket';
  if (stat.isFIFO()) return 'fifo';
  return 'unknown';
}

interface Folder {
  readonly bytes: Buffer;
  readonly shown: string;
  readonly exact: boolean;
  /** Device and inode of this folder and of those above it: a damaged card may have a folder inside itself. */
  readonly chain: readonly string[];
}

const keyOf = (stat: Stats) => `${stat.dev}:${stat.ino}`;

/**
 * Lists every regular file below a root, any depth, by the names' exact bytes. Never follows symlinks, never opens
 * device nodes, sockets or FIFOs, never crosses into another filesystem: those are reported. So is what could not be
 * listed: a partial listing never looks like a whole one (see `provesAbsent`).
 * @throws NodeJS.ErrnoException when the root itself cannot be listed
 */
export async function listVolume(root: string, signal: AbortSignal): Promise<Listing> {
  const files: ListedFile[] = [];
  const notFollowed: NotFollowed[] = [];
  const rootStat = await fs.stat(root);
  const folders: Folder[] = [{ bytes: Buffer.alloc(0), shown: '', exact: true, chain: [keyOf(rootStat)] }];
  const rootBytes = Buffer.from(root);
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    signal.throwIfAborted();
    const isRoot = folder.bytes.length === 0;
    const absolute = isRoot ? rootBytes : Buffer.concat([rootBytes, SEPARATOR, folder.bytes]);
    let names: Buffer[];
    try {
      names = await fs.readdir(absolute, { encoding: 'buffer' });
    } catch (error) {
      if (isRoot) throw error;
      notFollowed.push({ path: folder.shown, what: 'unreadable-folder' });
      continue;
    }
    const seen = new Set<string>();
    for (const bytesOfName of names) {
      const name = showName(bytesOfName);
      const bytes = isRoot ? bytesOfName : Buffer.concat([folder.bytes, SEPARATOR, bytesOfName]);
      const shown = isRoot ? name.text : `${folder.shown}/${name.text}`;
      const exact = folder.exact && name.exact;
      if (seen.has(name.text)) {
        // A damaged folder names one thing twice, or two things alike: whichever it is, only one can be reached.
        notFollowed.push({ path: shown, what: 'listed-twice' });
        continue;
      }
      seen.add(name.text);
      const stat = await fs.lstat(Buffer.concat([rootBytes, SEPARATOR, bytes])).catch(() => null);
      if (!stat) {
        notFollowed.push({ path: shown, what: 'unreadable-entry' });
      } else if (stat.dev !== rootStat.dev) {
        notFollowed.push({ path: shown, what: 'other-filesystem' });
      } else if (stat.isDirectory()) {
        if (folder.chain.includes(keyOf(stat))) notFollowed.push({ path: shown, what: 'unreadable-folder' });
        else folders.push({ bytes, shown, exact, chain: [...folder.chain, keyOf(stat)] });
      } else if (stat.isFile()) {
        const pathBytes = exact ? null : new Uint8Array(bytes);
        const size = Math.min(Math.max(stat.size, 0), Number.MAX_SAFE_INTEGER);
        files.push({ path: shown, pathBytes, size, modifiedAt: modifiedAtOf(stat) });
      } else {
        notFollowed.push({ path: shown, what: whatIs(stat) });
      }
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, notFollowed };
}
