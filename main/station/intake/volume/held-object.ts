import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { passing } from '#durable';
import { errorCode } from '../../../../shared/domain/errors.ts';
import { modifiedAtOf } from '../../store/index.ts';
import { EraseRefusedError, ObjectReplacedError } from '../errors.ts';
import type { ListedFile, ObjectInHand, SeenObject } from '../source.ts';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const SLASH = Buffer.from('/');

/**
 * Opens the folder of an object from the root down, name by name, following no symlink. Everything afterwards goes through the
 * open folder (/proc/self/fd, proc(5)): a card that is pulled or changed for another meanwhile, or a folder that is renamed,
 * cannot put another object under the same name. Systems without /proc use the path.
 * @returns null when a folder on the way is not there
 */
export async function openFolderOf(
  root: string,
  item: Pick<ListedFile, 'path' | 'pathBytes'>,
): Promise<{ folder: FileHandle; name: Buffer } | null> {
  const bytes = Buffer.from(item.pathBytes ?? Buffer.from(item.path, 'utf8'));
  const names: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(SLASH); at !== -1; at = bytes.indexOf(SLASH, from)) {
    names.push(bytes.subarray(from, at));
    from = at + 1;
  }
  let folder = await fs.open(root, FOLDER);
  for (const name of names) {
    const parent = folder;
    try {
      folder = await fs.open(inFolder(parent, name), FOLDER);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error))) return null;
      throw error;
    } finally {
      await parent.close();
    }
  }
  return { folder, name: bytes.subarray(from) };
}

function inFolder(folder: FileHandle, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${folder.fd}/`), name]);
}

/** An object in its open folder. @param target its path through the open folder, or by name where there is no /proc */
export function heldObject(root: string, target: Buffer, folder: FileHandle | null): ObjectInHand {
  return {
    content: { file: new Uint8Array(target), root },
    async erase(seen) {
      passing('before unlink');
      const otherNames = await unlinkIfSame(target, seen);
      passing('unlinked');
      // What the medium was told to forget is written to it before anything is said about it.
      await folder?.sync().catch(() => undefined);
      return otherNames;
    },
    async letGo() {
      await folder?.close();
    },
  };
}

export function heldIn(root: string, folder: FileHandle, name: Buffer): ObjectInHand {
  return heldObject(root, inFolder(folder, name), folder);
}

async function unlinkIfSame(target: Buffer, seen: SeenObject): Promise<number> {
  const now = await fs.lstat(target).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (!now) return 0;
  const same =
    now.isFile() && now.ino === seen.inode && now.size === seen.size && modifiedAtOf(now) === seen.modifiedAt;
  if (!same) throw new ObjectReplacedError();
  await fs.unlink(target).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw new EraseRefusedError(errorCode(error));
  });
  return Math.max(0, now.nlink - 1);
}
