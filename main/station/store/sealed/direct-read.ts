import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** How a second read was made sure to come from the medium and not from the page cache. */
export type UncachedHow = 'direct' | 'cache-dropped' | 'cached';

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
 * @throws NodeJS.ErrnoException as of open(2), read(2); ELOOP for a symlink
 */
export function readUncached(file: string | Buffer, onPiece: (piece: Uint8Array) => void): UncachedHow {
  const direct = process.platform === 'linux' ? fs.constants.O_DIRECT : 0;
  const flags = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW;
  if (direct !== 0) {
    let descriptor: number | null = null;
    try {
      descriptor = fs.openSync(file, flags | direct);
      if (readAll(descriptor, aligned(), onPiece, true)) return 'direct';
    } catch (error) {
      if (!isInvalid(error)) throw error;
    } finally {
      if (descriptor !== null) fs.closeSync(descriptor);
    }
  }
  const descriptor = fs.openSync(file, flags);
  let dropped = false;
  try {
    // dd gets the open file, not its name: the name may be no valid UTF-8.
    const dd = spawnSync('dd', ['iflag=nocache', 'count=0', 'status=none'], {
      stdio: [descriptor, 'ignore', 'ignore'],
    });
    dropped = dd.status === 0;
    readAll(descriptor, aligned(), onPiece, false);
  } finally {
    fs.closeSync(descriptor);
  }
  return dropped ? 'cache-dropped' : 'cached';
}

function isInvalid(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EINVAL';
}

/** False when the very first direct read is refused as invalid (filesystem without O_DIRECT): nothing was passed on. */
function readAll(
  descriptor: number,
  window: Uint8Array,
  onPiece: (piece: Uint8Array) => void,
  direct: boolean,
): boolean {
  let position = 0;
  for (;;) {
    let count: number;
    try {
      count = fs.readSync(descriptor, window, 0, window.length, position);
    } catch (error) {
      if (direct && position === 0 && isInvalid(error)) return false;
      throw error;
    }
    if (count === 0) return true;
    onPiece(window.subarray(0, count));
    position += count;
    // A short direct read that is not a multiple of the sector is the end of the file; the next offset would be unaligned.
    if (direct && count % 512 !== 0) return true;
  }
}
