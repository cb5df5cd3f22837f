import { access, constants } from 'node:fs/promises';
import type { FaultKind } from '../bench/kind.ts';
import { openMediumBench } from './medium-bench.ts';
import { largeMediumScenarios } from './medium-large.ts';
import type { MediumScenario } from './medium-table.ts';
import { mediumScenarios, runMediumScenario } from './medium-table.ts';

/** Why this machine has no bad cards, or null: FUSE cards need /dev/fuse and fusepy, exFAT a loop device, so root. */
async function unavailable(): Promise<string | null> {
  if (process.platform !== 'linux') return 'bad media are FUSE filesystems: Linux only';
  const may = (file: string, mode: number) =>
    access(file, mode).then(
      () => true,
      () => false,
    );
  if (!(await may('/dev/fuse', constants.R_OK | constants.W_OK))) return '/dev/fuse cannot be opened';
  for (const file of ['/usr/bin/python3', '/usr/bin/fusefat', '/usr/sbin/mount.exfat-fuse', '/usr/sbin/mkfs.vfat']) {
    if (!(await may(file, constants.X_OK))) return `${file} is not installed`;
  }
  return process.getuid?.() === 0 ? null : 'loop devices need root';
}

function kindOf(name: string, share: number, roundsPerWorld: number, scenarios: readonly MediumScenario[]): FaultKind {
  return {
    name,
    share,
    roundsPerWorld,
    unavailable,
    async open(random, folder) {
      const bench = await openMediumBench(random, folder);
      return {
        scenarios: scenarios.map((scenario) => scenario.name),
        run: (name) =>
          runMediumScenario(
            bench,
            scenarios.find((scenario) => scenario.name === name)!,
          ),
        violations: () => bench.violations(),
        close: () => bench.close(),
      };
    },
  };
}

/** Bad media: what is wrong with a card, and what the station must end with (docs/reliability-media.md). */
export const mediumFaults: FaultKind = kindOf('medium', 4, 25, mediumScenarios);

/** Media that are merely large: minutes each, for the long form only. */
export const largeMediumFaults: FaultKind = {
  ...kindOf('large-medium', 0.02, 1, largeMediumScenarios),
  roundMilliseconds: 900_000,
};
