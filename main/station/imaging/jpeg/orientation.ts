import { naturalToZigzag, zigzagToNatural } from './zigzag.ts';

/**
 * What to do to a stored picture to show it upright, as numbered by EXIF tag 0x0112: 1 nothing, 2 mirror, 3 turn by 180,
 * 4 flip, 5 transpose, 6 turn by 90 clockwise, 7 transverse, 8 turn by 270 clockwise.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** An EXIF orientation value; anything that isn't 1..8 (files have 0 and 9 too) means upright, as viewers take it. */
export function toOrientation(value: unknown): Orientation {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 8 ? (value as Orientation) : 1;
}

/** An orientation taken apart: first mirror the stored columns and rows, then swap columns with rows. */
export type Turn = { mirrorColumns: boolean; mirrorRows: boolean; transpose: boolean };

export function turnOf(orientation: Orientation): Turn {
  return {
    mirrorColumns: [2, 3, 7, 8].includes(orientation),
    mirrorRows: [3, 4, 6, 7].includes(orientation),
    transpose: orientation >= 5,
  };
}

/** How the coefficients of a turned block come from the stored block; all positions in stream (zigzag) order. */
export type CoefficientTurn = { from: Uint8Array; negative: Uint8Array };

/** Mirroring negates the odd frequencies of that direction; transposing swaps the two frequencies. */
export function coefficientTurn({ mirrorColumns, mirrorRows, transpose }: Turn): CoefficientTurn {
  const from = new Uint8Array(64);
  const negative = new Uint8Array(64);
  for (let position = 0; position < 64; position++) {
    const natural = zigzagToNatural[position]!;
    const row = transpose ? natural & 7 : natural >> 3;
    const column = transpose ? natural >> 3 : natural & 7;
    from[position] = naturalToZigzag[row * 8 + column]!;
    negative[position] = (mirrorColumns && column % 2 === 1) !== (mirrorRows && row % 2 === 1) ? 1 : 0;
  }
  return { from, negative };
}

/**
 * True when no MCU is cut at an edge that a mirroring would move to the left or top, so that the turn loses nothing. As
 * `jpegtran -perfect`.
 */
export function isPerfect(
  turn: Turn,
  width: number,
  height: number,
  sampling: readonly { horizontal: number; vertical: number }[],
): boolean {
  const mcuWidth = 8 * Math.max(...sampling.map(({ horizontal }) => horizontal));
  const mcuHeight = 8 * Math.max(...sampling.map(({ vertical }) => vertical));
  return (!turn.mirrorColumns || width % mcuWidth === 0) && (!turn.mirrorRows || height % mcuHeight === 0);
}
