import { join } from 'node:path';
import type { Laterality, LateralityCode, Region, RegionHit } from '../../../shared/domain/terminology.ts';
import { type FindOptions, findRegions, searchable } from './find-regions.ts';
import { lateralityAllowed } from './laterality.ts';
import { keyOf, loadRegions } from './load-regions.ts';

/** The words for where on the body a picture was taken: DICOM CID 4029 (2024c) and its sides. */
export interface Terminology {
  /** The 207 regions on offer, by meaning. */
  regions(): readonly Region[];
  /** Typeahead over meanings and synonyms. */
  find(query: string, options?: FindOptions): RegionHit[];
  /** Also by the 15 codes of before 2024c: `replaces` is then set, or `retired` where there is no successor. */
  byCode(scheme: string, code: string): Region | null;
  /** The sides that may be stated for a region. */
  lateralityAllowed(region: Region): Laterality[];
  /** The CID 244 code of a side; null for U, which has none. */
  lateralityCode(side: Laterality): LateralityCode | null;
}

const shippedResources = join(import.meta.dirname, '../../../resources/terminology');

/** SNOMED CT codes of CID 244. */
const sideCodes = { R: '24028007', L: '7771000', B: '51440002' } as const;

/**
 * Reads the terms once; after that everything is in memory.
 * @param resourceDir the folder resources/terminology
 */
export function createTerminology(resourceDir: string = shippedResources): Terminology {
  const { regions, byKey, laterality } = loadRegions(resourceDir);
  const index = regions.map(searchable);
  return {
    regions: () => regions,
    find: (query, options) => findRegions(index, query, options),
    byCode: (scheme, code) => byKey.get(keyOf({ scheme, code })) ?? null,
    lateralityAllowed,
    lateralityCode: (side) => (side === 'U' ? null : (laterality.find(({ code }) => code === sideCodes[side]) ?? null)),
  };
}
