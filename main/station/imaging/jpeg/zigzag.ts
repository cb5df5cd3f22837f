/** Position in the block (row * 8 + column) of each coefficient in the order of the stream, T.81 figure A.6. */
export const zigzagToNatural = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);

/** The inverse: position in the stream of each place in the block. */
export const naturalToZigzag = new Uint8Array(64);
zigzagToNatural.forEach((natural, zigzag) => (naturalToZigzag[natural] = zigzag));

/**
 * For each stream position, the last position of its anti-diagonal. Transposing moves a coefficient only within its
 * anti-diagonal, so a block whose last non-zero is at k has, transposed, nothing after `diagonalEnd[k]`.
 */
export const diagonalEnd = new Uint8Array(64);
for (let position = 63, end = 63; position >= 0; position--) {
  if (diagonalOf(position) !== diagonalOf(end)) end = position;
  diagonalEnd[position] = end;
}

function diagonalOf(position: number): number {
  const natural = zigzagToNatural[position]!;
  return (natural >> 3) + (natural & 7);
}
