/** Words that carry no meaning in a region's name. */
const fillers = new Set(['a', 'an', 'and', 'at', 'in', 'of', 'on', 'or', 'part', 'surface', 'the', 'to']);

/** Lower case without accents, cut into words: `Mucosa of upper lip` -> mucosa, upper, lip. Fillers are dropped. */
export function wordsOf(text: string): string[] {
  const folded = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/['’]/g, '');
  return folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '' && !fillers.has(word));
}

/** Whether `typed` begins `word`, or does with one slip: a letter wrong, missing, too many, or two swapped. */
export function beginsWithOneSlip(word: string, typed: string): boolean {
  if (typed.length < 4) return false; // short words are too alike
  for (let length = typed.length - 1; length <= typed.length + 1; length += 1) {
    if (length <= word.length && oneSlipApart(word.slice(0, length), typed)) return true;
  }
  return false;
}

/** Whether two strings are one edit apart (Damerau-Levenshtein distance at most 1). */
function oneSlipApart(a: string, b: string): boolean {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  const [restA, restB] = [a.slice(same), b.slice(same)];
  if (restA.slice(1) === restB.slice(1)) return true; // one letter wrong
  if (restA === restB.slice(1) || restA.slice(1) === restB) return true; // one too many or missing
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2); // two swapped
}
