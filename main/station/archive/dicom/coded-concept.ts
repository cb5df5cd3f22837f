import type { Dataset } from './dataset.ts';
import { descriptiveText } from './descriptive-text.ts';
import type { CodedConcept } from './instance-input.ts';

/** One item of a code sequence (PS3.3 8.8). A meaning is required there: a code without one is its own meaning. */
export function codeItem(concept: CodedConcept): Dataset {
  const long = [...concept.code].length > 16;
  return {
    ...(long ? { LongCodeValue: concept.code } : { CodeValue: concept.code }),
    CodingSchemeDesignator: concept.scheme,
    CodingSchemeVersion: descriptiveText(concept.version, 16) ?? undefined,
    CodeMeaning: descriptiveText(concept.meaning, 64) ?? concept.code,
  };
}

/** A code sequence, or undefined (do not write it) when there is no code. */
export function codeItems(concepts: readonly CodedConcept[] | null): Dataset[] | undefined {
  return concepts && concepts.length > 0 ? concepts.map(codeItem) : undefined;
}
