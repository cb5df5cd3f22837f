export { buildStep } from './build-step.ts';
export { deliverySteps, recordCommitment } from './delivery-steps.ts';
export type { Destination } from './destination.ts';
export { newUid, vlPhotographicImageStorage } from './dicom/index.ts';
export { deliverAgain, readAgain } from './read-again.ts';
export type { Delivered, ReadAgain } from './read-again.ts';
export { loadTls, openDestination } from './open-destination.ts';
