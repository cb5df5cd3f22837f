import { type Laterality, type Region } from '../../../shared/domain/terminology.ts';

/** The sides that may be stated for a region, the likeliest first; one entry means there is nothing to ask. */
export function lateralityAllowed(region: Region): Laterality[] {
  if (region.paired === 'implied') return region.impliedSide ? [region.impliedSide] : ['U'];
  return region.paired ? ['R', 'L', 'B'] : ['U'];
}
