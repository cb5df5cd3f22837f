import type { MediumBench } from './medium-bench.ts';
import { cardScenarios } from './medium-cards.ts';
import { erasingScenarios } from './medium-erasing.ts';
import { listingScenarios } from './medium-listing.ts';
import { nameScenarios } from './medium-names.ts';
import { readingScenarios } from './medium-reading.ts';

/** One way in which a medium is bad. The three texts stand in docs/reliability-media.md; a test holds them equal. */
export interface MediumScenario {
  readonly name: string;
  /** What the medium does. */
  readonly does: string;
  /** What the station must end with. */
  readonly ends: string;
  /** Brings it about and asserts what the station believes, shows and does next. @returns the outcome in a few words */
  run(bench: MediumBench): Promise<string>;
}

/** Runs one, and pulls out its cards. */
export async function runMediumScenario(bench: MediumBench, scenario: MediumScenario): Promise<string> {
  try {
    return await scenario.run(bench);
  } finally {
    await bench.settle();
  }
}

export const mediumScenarios: readonly MediumScenario[] = [
  ...readingScenarios,
  ...listingScenarios,
  ...nameScenarios,
  ...erasingScenarios,
  ...cardScenarios,
];
