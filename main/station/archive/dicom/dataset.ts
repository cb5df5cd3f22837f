import type { attributes, Keyword } from './attributes.ts';

/** The three groups of a DICOM person name (PS3.5 6.2.1), each with up to five `^` separated components. */
export interface PersonName {
  alphabetic: string;
  ideographic?: string | null;
  phonetic?: string | null;
}

type ValueOf<V> = V extends 'SQ'
  ? readonly Dataset[]
  : V extends 'PN'
    ? PersonName | null
    : V extends 'US'
      ? number
      : V extends 'OB'
        ? Uint8Array
        : string | readonly string[] | null;

/** A dataset by keyword. `undefined` or missing: not written. `null` or an empty array: written with no value (Type 2). */
export type Dataset = { readonly [K in Keyword]?: ValueOf<(typeof attributes)[K]['vr']> | undefined };
