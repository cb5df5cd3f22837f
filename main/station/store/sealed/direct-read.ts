import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** How a second read was made sure to come from the medium and not from the page cache; `device`: there is no such cache on a cable. */
export type UncachedHow = 'direct' | 'cache-dropped' | 'cached' | 'device';

/** Node has it, its types without the DOM library do not. */
declare const WebAssembly: { Memory: new (size: { initial: number }) => { buffer: ArrayBuffer } };

const WINDOW_BYTES = 1 << 20;
let alignedWindow: Uint8Array | null = null;

/** A page-aligned window: WebAssembly memory is mapped by pages, which is what O_DIRECT asks of a buffer; Buffers are not. */
function aligned(): Uint8Array {
  alignedWindow ??= new Uint8Array(new WebAssembly.Memory({ initial: WINDOW_BYTES / 65536 }).buffer);
  return alignedWindow;
}

/**
 * Reads a file past the page cache (O_DIRECT), so that a medium that lies or fails is asked again. Filesystems without
 * O_DIRECT get their cached pages dropped first (posix_fadvise by `dd iflag=nocache`). Answers how it was done; pieces
 * given to `onPiece` are reused afterwards.
 * @param reopens the path is the descriptor of an open file (/proc/self/fd/N) that is opened anew: a link, and to be followed
 * @throws NodeJS.ErrnoException as of open(2), read(2); ELOOP for a symlink
 */
export function readUncached(
  file: string | Buffer,
  onPiece: (piece: Uint8Array) => void,
  reopens = false,
): UncachedHow {
  const flags = fs.constants.O_RDONLY | (reopens ? 0 : fs.constants.O_NOFOLLOW);
  const begun = process.platform === 'linux' ? readDirect(file, flags | fs.constants.O_DIRECT, onPiece) : 0;
  if (begun === 'read') return 'direct';
  const descriptor = fs.openSync(file, flags);
  try {
    // dd gets the open file, not its name: the name may be no valid UTF-8.
    const dd = spawnSync('dd', ['iflag=nocache', 'count=0', 'status=none'], {
      stdio: [descriptor, 'ignore', 'ignore'],
    });
    for (let position = begun; ;) {
      const count = fs.readSync(descriptor, aligned(), 0, WINDOW_BYTES, position);
      if (count === 0) return dd.status === 0 ? 'cache-dropped' : 'cached';
      onPiece(aligned().subarray(0, count));
      position += count;
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Reads by O_DIRECT. Answers `read`, or how far it came before the filesystem would not go on that way. */
function readDirect(file: string | Buffer, flags: number, onPiece: (piece: Uint8Array) => void): 'read' | number {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, flags);
  } catch (error) {
    if (isInvalid(error)) return 0;
    throw error;
  }
  try {
    for (let position = 0; ;) {
      let count: number;
      try {
        count = fs.readSync(descriptor, aligned(), 0, WINDOW_BYTES, position);
      } catch (error) {
        if (position === 0 && isInvalid(error)) return 0;
        throw error;
      }
      if (count === 0) return 'read';
      onPiece(aligned().subarray(0, count));
      position += count;
      // The next offset would be no multiple of the sector: the end of the file, or a medium that gives less than it has.
      if (count % 512 !== 0) return position >= fs.fstatSync(descriptor).size ? 'read' : position;
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

function isInvalid(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EINVAL';
}
