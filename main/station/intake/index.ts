export { Dockings } from './dockings.ts';
export type { OpenDocking } from './dockings.ts';
export { CannotDockError, EraseRefusedError, SourceGoneError } from './errors.ts';
export type { StoredInspection } from './group-step.ts';
export { intakeSteps } from './steps.ts';
export { watchVolumes } from './volume/volume-watch.ts';
export type { VolumeWatch } from './volume/volume-watch.ts';
