const sides: Readonly<Record<string, 'R' | 'L' | 'B'>> = {
  l: 'L',
  lt: 'L',
  left: 'L',
  r: 'R',
  rt: 'R',
  right: 'R',
  b: 'B',
  both: 'B',
  bilateral: 'B',
};

/**
 * Takes a side out of the query: "back of left hand" -> back hand, L. One letter is a side only as the first or last word
 * ("l hand"); a query of one word stays as it is.
 */
export function sideInQuery(words: readonly string[]): { words: readonly string[]; side: 'R' | 'L' | 'B' | null } {
  if (words.length < 2) return { words, side: null };
  const last = words.length - 1;
  const inside = words.findIndex((word) => word.length > 1 && sides[word] !== undefined);
  const at = [last, 0, inside].find((index) => sides[words[index] ?? ''] !== undefined);
  const side = at === undefined ? undefined : sides[words[at] ?? ''];
  return side === undefined ? { words, side: null } : { words: words.filter((_, index) => index !== at), side };
}
