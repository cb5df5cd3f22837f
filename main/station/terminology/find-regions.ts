import type { Region, RegionHit } from '../../../shared/domain/terminology.ts';
import { keyOf } from './load-regions.ts';
import { lateralityAllowed } from './laterality.ts';
import { sideInQuery } from './side-in-query.ts';
import { beginsWithOneSlip, wordsOf } from './words.ts';

export interface FindOptions {
  /** Greatest number of hits, 20 unless told. */
  limit?: number;
  /** Keys (`SCHEME:CODE`) that come first among equally good hits, favourites before recent ones. */
  favourites?: readonly string[];
  recent?: readonly string[];
}

/** A region with its words cut up once. */
export interface SearchableRegion {
  region: Region;
  texts: readonly { text: string; words: readonly string[] }[];
}

/** How well a query fits, best first. */
const rank = { exact: 0, oneText: 1, allTexts: 2, oneSlip: 3 } as const;

interface Match {
  rank: number;
  /** Words of the query that are only the beginning of the word they matched. */
  begun: number;
  /** Words of the matched text that the query did not name. */
  spare: number;
  matched: string;
}

/** Prepares a region for `findRegions`. */
export function searchable(region: Region): SearchableRegion {
  const texts = [region.meaning, ...region.synonyms].map((text) => ({ text, words: wordsOf(text) }));
  return { region, texts };
}

/**
 * Typeahead. Every word of the query must begin a word of the region, in any order: all in one of its texts is better than spread
 * over several; equal texts are best; one slip of the finger is forgiven when nothing else is found. An empty query lists favourites, recent, all others.
 */
export function findRegions(index: readonly SearchableRegion[], query: string, options: FindOptions = {}): RegionHit[] {
  const { limit = 20, favourites = [], recent = [] } = options;
  const { words, side } = sideInQuery(wordsOf(query));
  const preference = (region: Region): number => {
    if (favourites.includes(region.key)) return 0;
    return recent.includes(region.key) ? 1 : 2;
  };
  const hits = index.flatMap(({ region, texts }) => {
    if (side && region.impliedSide && region.impliedSide !== side) return []; // "right breast" is no left breast
    const match = matchRegion(region, texts, words, query);
    return match ? [{ region, match, preference: preference(region) }] : [];
  });
  hits.sort(
    (a, b) =>
      a.match.rank - b.match.rank ||
      a.preference - b.preference ||
      compareMatches(a.match, b.match) ||
      synonymLast(a) - synonymLast(b) ||
      a.region.meaning.localeCompare(b.region.meaning, 'en'),
  );
  const certain = hits.filter(({ match }) => match.rank < rank.oneSlip);
  return (certain.length > 0 ? certain : hits).slice(0, limit).map(({ region, match }) => ({
    region,
    matched: match.matched,
    lateralityHint: side && lateralityAllowed(region).includes(side) ? side : null,
  }));
}

function compareMatches(a: Match, b: Match): number {
  return a.rank - b.rank || a.begun - b.begun || a.spare - b.spare;
}

function synonymLast({ region, match }: { region: Region; match: Match }): number {
  return match.matched === region.meaning ? 0 : 1;
}

function matchRegion(
  region: Region,
  texts: SearchableRegion['texts'],
  words: readonly string[],
  query: string,
): Match | null {
  const typed = query.trim().toUpperCase();
  if (typed === region.code.toUpperCase() || typed === keyOf(region).toUpperCase()) {
    return { rank: rank.exact, begun: 0, spare: 0, matched: region.meaning };
  }
  if (words.length === 0)
    return typed === '' ? { rank: rank.exact, begun: 0, spare: 0, matched: region.meaning } : null;
  let best: Match | null = null;
  for (const { text, words: ofText } of texts) {
    const match = matchText(ofText, words, text);
    if (match && (!best || compareMatches(match, best) < 0)) best = match;
  }
  if (best && best.rank < rank.oneSlip) return best;
  const all = texts.flatMap((text) => text.words);
  if (words.every((word) => all.some((candidate) => candidate.startsWith(word)))) {
    return { rank: rank.allTexts, begun: 0, spare: 0, matched: region.meaning };
  }
  return best;
}

function matchText(ofText: readonly string[], words: readonly string[], text: string): Match | null {
  if (sameWords(ofText, words)) return { rank: rank.exact, begun: 0, spare: 0, matched: text };
  const left = [...ofText];
  let [begun, slips] = [0, 0];
  for (const word of words) {
    let at = left.indexOf(word);
    if (at < 0) {
      at = left.findIndex((candidate) => candidate.startsWith(word));
      begun += 1;
    }
    if (at < 0) {
      at = left.findIndex((candidate) => beginsWithOneSlip(candidate, word));
      slips += 1;
    }
    if (at < 0 || slips > 1) return null;
    left.splice(at, 1);
  }
  const spare = left.filter((word) => word !== 'skin').length;
  return { rank: slips === 0 ? rank.oneText : rank.oneSlip, begun, spare, matched: text };
}

/** "hand" is all that "Skin of hand" says: the leading word skin may be left out. */
function sameWords(ofText: readonly string[], words: readonly string[]): boolean {
  const bare = (list: readonly string[]) =>
    [...(list[0] === 'skin' && list.length > 1 ? list.slice(1) : list)].sort().join(' ');
  return bare(ofText) === bare(words);
}
