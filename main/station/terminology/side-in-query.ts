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

/** Takes a side named by the first or last word out of the query: "l hand" -> hand, L. A query of one word stays as it is. */
export function sideInQuery(words: readonly string[]): { words: readonly string[]; side: 'R' | 'L' | 'B' | null } {
  if (words.length < 2) return { words, side: null };
  const last = sides[words.at(-1) ?? ''];
  if (last) return { words: words.slice(0, -1), side: last };
  const first = sides[words[0] ?? ''];
  if (first) return { words: words.slice(1), side: first };
  return { words, side: null };
}
