import type { RigFaultName } from '../../support/usb-rig/faults.ts';
import type { CableBench } from './cable-bench.ts';
import { deviceScenarios } from './cable-devices.ts';
import { erasingScenarios } from './cable-erasing.ts';
import { listingScenarios } from './cable-listing.ts';
import { readingScenarios } from './cable-reading.ts';
import { unpluggingScenarios } from './cable-unplugging.ts';
import { wayScenarios } from './cable-way.ts';

/** One way in which a device is bad. The three texts stand in docs/reliability-cable.md; a test holds them equal. */
export interface CableScenario {
  readonly name: string;
  /** Rows of the rig's table that it brings about; none where a person or the content of the device is the fault. */
  readonly faults: readonly RigFaultName[];
  /** What the device does. */
  readonly does: string;
  /** What the station must end with. */
  readonly ends: string;
  /** It waits for a time-out of the station (15 s to 60 s): not in the short form. */
  readonly isLong?: boolean;
  /** Brings it about and asserts what the station believes, shows and does next. @returns the outcome in a few words */
  run(bench: CableBench): Promise<string>;
}

/** Runs one, and pulls its devices. */
export async function runCableScenario(bench: CableBench, scenario: CableScenario): Promise<string> {
  try {
    return await scenario.run(bench);
  } finally {
    await bench.settle();
  }
}

export const cableScenarios: readonly CableScenario[] = [
  ...wayScenarios,
  ...readingScenarios,
  ...listingScenarios,
  ...erasingScenarios,
  ...deviceScenarios,
  ...unpluggingScenarios,
];
