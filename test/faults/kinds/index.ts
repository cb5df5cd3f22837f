import type { FaultKind } from '../bench/kind.ts';
import { archiveFaults } from './archive.ts';
import { cableKills } from './cable-kill.ts';
import { cableFaults, cableUnplugs } from './cable.ts';
import { fileFaults } from './file.ts';
import { killKinds } from './kill.ts';
import { largeMediumFaults, mediumFaults } from './medium.ts';
import { modelFaults } from './model.ts';
import { stationFaults } from './station.ts';

/** Every kind of fault that the bench knows. */
export const faultKinds: readonly FaultKind[] = [
  ...killKinds,
  archiveFaults,
  fileFaults,
  mediumFaults,
  largeMediumFaults,
  modelFaults,
  stationFaults,
  cableFaults,
  cableUnplugs,
  cableKills,
];
