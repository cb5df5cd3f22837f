export { Dockings } from './dockings.ts';
export type { OpenDocking } from './dockings.ts';
export { CannotDockError, EraseRefusedError, ObjectReplacedError, SourceGoneError } from './errors.ts';
export type { StoredInspection } from './group-step.ts';
export { isPartial, NOT_LISTED, provesAbsent } from './listing.ts';
export type { Listing, ObjectInHand, SeenObject } from './source.ts';
export { intakeSteps } from './steps.ts';
export { watchVolumes } from './volume/volume-watch.ts';
export type { VolumeWatch } from './volume/volume-watch.ts';
