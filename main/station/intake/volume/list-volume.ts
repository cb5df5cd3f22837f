import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ListedFile, Listing, NotFollowed } from '../source.ts';

const SEPARATOR = Buffer.from(path.sep);

/**
 * The name in text. Bytes that are not UTF-8 are shown as \xNN, and so are backslashes that would look like that: no two
 * names of a folder are ever shown alike.
 */
function showName(name: Buffer): { text: string; exact: boolean } {
  const text = name.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(name) && !/\\x[0-9a-f]{2}/.test(text)) return { text, exact: true };
  const plain = (byte: number) => byte < 0x80 && byte !== 0x5c;
  const shown = [...name].map((byte) =>
    plain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  return { text: shown.join(''), exact: false };
}

function whatIs(entry: Dirent<Buffer>): NotFollowed['what'] {
  if (entry.isSymbolicLink()) return 'symlink';
  if (entry.isBlockDevice() || entry.isCharacterDevice()) return 'device';
  if (entry.isSocket()) return 'socket';
  if (entry.isFIFO()) return 'fifo';
  return 'unknown';
}

interface Folder {
  readonly bytes: Buffer;
  readonly shown: string;
  readonly exact: boolean;
}

/**
 * Lists every regular file below a root, any depth, by the names' exact bytes. Never follows symlinks, never opens
 * device nodes, sockets or FIFOs, never crosses into another filesystem: those are reported.
 */
export async function listVolume(root: string, signal: AbortSignal): Promise<Listing> {
  const files: ListedFile[] = [];
  const notFollowed: NotFollowed[] = [];
  const rootDevice = (await fs.stat(root)).dev;
  const folders: Folder[] = [{ bytes: Buffer.alloc(0), shown: '', exact: true }];
  const rootBytes = Buffer.from(root);
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    signal.throwIfAborted();
    const absolute = folder.bytes.length === 0 ? rootBytes : Buffer.concat([rootBytes, SEPARATOR, folder.bytes]);
    let entries: Dirent<Buffer>[];
    try {
      entries = await fs.readdir(absolute, { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      // The root itself not answering means that the medium is gone; deeper it is one bad folder, and said so.
      if (folder.bytes.length === 0) throw error;
      notFollowed.push({ path: folder.shown, what: 'unreadable-folder' });
      continue;
    }
    for (const entry of entries) {
      const name = showName(entry.name);
      const bytes = folder.bytes.length === 0 ? entry.name : Buffer.concat([folder.bytes, SEPARATOR, entry.name]);
      const shown = folder.shown === '' ? name.text : `${folder.shown}/${name.text}`;
      const exact = folder.exact && name.exact;
      const own = Buffer.concat([rootBytes, SEPARATOR, bytes]);
      if (!entry.isFile() && !entry.isDirectory()) {
        notFollowed.push({ path: shown, what: whatIs(entry) });
        continue;
      }
      const stat = await fs.lstat(own).catch(() => null);
      if (!stat) {
        notFollowed.push({ path: shown, what: 'unknown' });
      } else if (stat.dev !== rootDevice) {
        notFollowed.push({ path: shown, what: 'other-filesystem' });
      } else if (stat.isDirectory()) {
        folders.push({ bytes, shown, exact });
      } else if (stat.isFile()) {
        const pathBytes = exact ? null : new Uint8Array(bytes);
        files.push({ path: shown, pathBytes, size: stat.size, modifiedAt: Math.trunc(stat.mtimeMs) });
      } else {
        notFollowed.push({ path: shown, what: 'unknown' });
      }
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, notFollowed };
}
