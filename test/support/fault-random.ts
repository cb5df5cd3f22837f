/** Random numbers that a seed repeats. The seed comes from PHOTODOCK_FAULT_SEED, or is drawn and must be printed. */
export interface FaultRandom {
  readonly seed: number;
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
}

/** The seed of this run. */
export function faultSeed(): number {
  return Number(process.env['PHOTODOCK_FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
}

/** Mulberry32: small, and the same on every machine. */
export function faultRandom(seed: number): FaultRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, next, below: (below) => Math.floor(next() * below) };
}
