import type { CoefficientPlane } from './coefficient-image.ts';

/** What is done with each block: first counting symbols, then writing them. */
export type BlockSink = {
  /** @param difference of the DC to that of the component's last block */
  dc(tableClass: 0 | 1, difference: number): void;
  ac(tableClass: 0 | 1, plane: CoefficientPlane, block: number): void;
  /** A block that only fills up the MCU: all zero but for the DC of the block before. */
  padding(tableClass: 0 | 1): void;
};

/** Bits needed for the magnitude, T.81 tables F.1 and F.2. */
export function sizeOf(value: number): number {
  return 32 - Math.clz32(value < 0 ? -value : value);
}
