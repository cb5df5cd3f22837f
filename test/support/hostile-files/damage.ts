import type { FaultRandom } from '../fault-random.ts';

/** The file up to anywhere but its end. */
export function truncated(bytes: Buffer, random: FaultRandom): Buffer {
  return bytes.subarray(0, 1 + random.below(bytes.length - 1));
}

/** One to twenty bits turned, anywhere. */
export function bitFlipped(bytes: Buffer, random: FaultRandom): Buffer {
  const damaged = Buffer.from(bytes);
  for (let flips = 1 + random.below(20); flips > 0; flips--) {
    damaged[random.below(damaged.length)]! ^= 1 << random.below(8);
  }
  return damaged;
}

/** A stretch of the file overwritten by zeros, as a dying card gives it. */
export function zeroed(bytes: Buffer, random: FaultRandom): Buffer {
  const damaged = Buffer.from(bytes);
  const at = random.below(damaged.length);
  return damaged.fill(0, at, Math.min(at + 1 + random.below(4096), damaged.length));
}

/** One of the three. */
export function damaged(bytes: Buffer, random: FaultRandom): Buffer {
  return [truncated, bitFlipped, zeroed][random.below(3)]!(bytes, random);
}
