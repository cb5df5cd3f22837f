import { spawnSync } from 'node:child_process';

export type Run = { ok: boolean; output: Buffer };

/** Runs a tool of libjpeg-turbo-progs (cjpeg, djpeg, jpegtran) from standard input to standard output. */
export function runTool(tool: 'cjpeg' | 'djpeg' | 'jpegtran', options: string[], input: Uint8Array): Run {
  const { status, stdout, error } = spawnSync(tool, options, { input, maxBuffer: 1 << 28 });
  // EPIPE: the tool didn't want what comes after the EOI.
  if (error !== undefined && !('code' in error && error.code === 'EPIPE'))
    throw new Error(`${tool} (Debian package libjpeg-turbo-progs) doesn't run`, { cause: error });
  return { ok: status === 0, output: stdout };
}

/** A colour picture as PPM: soft waves, hard edges and repeatable noise, so that all coefficients are in use. */
export function testPicture(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  let noise = 12345;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      noise = (Math.imul(noise, 1103515245) + 12345) & 0x7fffffff;
      const edge = ((x >> 3) ^ (y >> 2)) & 1 ? 40 : 0;
      pixels[at++] = 128 + 80 * Math.sin(x / 9) + edge;
      pixels[at++] = 100 + 90 * Math.cos((x + 2 * y) / 17) + ((noise >> 16) & 31);
      pixels[at++] = (255 * y) / height;
    }
  }
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]);
}

/** Encodes the test picture with cjpeg. */
export function makeJpeg(width: number, height: number, ...options: string[]): Buffer {
  const { ok, output } = runTool('cjpeg', ['-quality', '85', ...options], testPicture(width, height));
  if (!ok) throw new Error(`cjpeg ${options.join(' ')} failed`);
  return output;
}

/** The pixels as PNM by djpeg; throws when djpeg refuses the stream or has anything to warn of. */
export function decodePixels(jpeg: Uint8Array): Buffer {
  const { ok, output } = runTool('djpeg', ['-strict', '-pnm'], jpeg);
  if (!ok) throw new Error('djpeg refuses the stream');
  return output;
}

/** A marker segment. */
export function makeSegment(marker: number, payload: Uint8Array | string): Buffer {
  const data = Buffer.from(payload as string, 'latin1');
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** The JPEG with segments put in right after the SOI. */
export function withSegments(jpeg: Uint8Array, ...segments: Uint8Array[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** The code of what `action` throws, or null when it returns. */
export function codeOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : `not ours: ${String(error)}`;
  }
}
