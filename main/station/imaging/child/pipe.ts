import { readSync, writeSync } from 'node:fs';

import { ANSWER_DESCRIPTOR, END, GIVE_UP, type Job } from '../protocol.ts';

/** Blocks until the next job is there. `bytes` is null when the source failed or gave another size; `null`: the parent is gone. */
export function readJob(): { job: Job; bytes: Uint8Array | null } | null {
  const length = readNumber();
  const json = length === null ? null : readExactly(Buffer.alloc(length));
  if (json === null) return null;
  const job = JSON.parse(json.toString()) as Job;
  const bytes = Buffer.allocUnsafeSlow(job.size);
  let filled = 0;
  let isWrong = false;
  for (;;) {
    const chunk = readNumber();
    if (chunk === null) return null;
    if (chunk === END) return { job, bytes: isWrong || filled !== job.size ? null : bytes };
    if (chunk === GIVE_UP) return { job, bytes: null };
    isWrong ||= filled + chunk > job.size;
    const target = isWrong ? Buffer.alloc(chunk) : bytes.subarray(filled, filled + chunk);
    if (readExactly(target) === null) return null;
    filled += chunk;
  }
}

export function writeAll(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(ANSWER_DESCRIPTOR, bytes, done);
}

function readNumber(): number | null {
  return readExactly(Buffer.alloc(4))?.readUInt32BE(0) ?? null;
}

function readExactly(target: Buffer): Buffer | null {
  for (let done = 0; done < target.length;) {
    const got = readOnce(target, done);
    if (got === 0) return null;
    done += got;
  }
  return target;
}

/** Windows says EOF by an error. */
function readOnce(target: Buffer, at: number): number {
  try {
    return readSync(0, target, at, target.length - at, null);
  } catch {
    return 0;
  }
}
