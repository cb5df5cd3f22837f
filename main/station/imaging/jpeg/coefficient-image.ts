/** The quantised DCT coefficients of one component. */
export type CoefficientPlane = {
  id: number;
  /** Sampling factors, without common divisors over the components. */
  horizontal: number;
  vertical: number;
  /** Only the blocks that hold samples of the picture, without those that fill up the last MCU. */
  blocksWide: number;
  blocksHigh: number;
  /** 64 values in stream (zigzag) order. */
  quantisation: Uint16Array;
  /** 64 per block, in stream (zigzag) order; blocks row by row. */
  coefficients: Int16Array;
  /** Per block a position after which all coefficients are 0. */
  lastPositions: Uint8Array;
};

export type CoefficientImage = {
  width: number;
  height: number;
  planes: CoefficientPlane[];
  /** The data ended without an EOI; only scans that are there in full were used. */
  truncated: boolean;
};

/** Sampling factors divided by what they have in common: a picture with 2x2 everywhere is a 1x1 one, with smaller MCUs. */
export function reducedSampling(
  components: readonly { horizontal: number; vertical: number }[],
): { horizontal: number; vertical: number }[] {
  const horizontal = components.map((component) => component.horizontal).reduce(greatestCommonDivisor);
  const vertical = components.map((component) => component.vertical).reduce(greatestCommonDivisor);
  return components.map((component) => ({
    horizontal: component.horizontal / horizontal,
    vertical: component.vertical / vertical,
  }));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
