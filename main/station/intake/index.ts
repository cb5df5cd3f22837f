export { Devices } from './devices.ts';
export { deviceThumbnailsStep } from './device-thumbnails.ts';
export { Dockings } from './dockings.ts';
export type { OpenDocking } from './dockings.ts';
export {
  CannotDockError,
  DeviceNotReadyError,
  EraseRefusedError,
  ObjectGoneError,
  ObjectReplacedError,
  SourceGoneError,
} from './errors.ts';
export type { StoredInspection } from './group-step.ts';
export { MediaLanes } from './media-lanes.ts';
export type { DockedRow } from './media-lanes.ts';
export { isPartial, listedFileOf, NOT_LISTED, provesAbsent } from './listing.ts';
export { Frames } from './stream/frames.ts';
export { LiveCameras } from './stream/live-cameras.ts';
export type { ExposureValues, ListedFile, Listing, ObjectInHand, SeenObject, Source } from './source.ts';
export { intakeSteps } from './steps.ts';
export { watchVolumes } from './volume/volume-watch.ts';
export type { VolumeWatch } from './volume/volume-watch.ts';
