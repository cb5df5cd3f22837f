export { openAssociation, runRequests, isPending } from './association.ts';
export type {
  AcceptedContext,
  Answer,
  AssociationOptions,
  DimseRequest,
  OpenAssociation,
  ProposedContext,
} from './association.ts';
export { COMMAND } from './command.ts';
export type { Command } from './command.ts';
export { requestCommitment, STORAGE_COMMITMENT } from './commitment.ts';
export type { CommitmentReport, CommitmentReportHandler } from './commitment.ts';
export type { FailedReference, InstanceReference } from './commitment-report.ts';
export { echo } from './echo.ts';
export {
  ElementSet,
  encodeElements,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  readElements,
} from './elements.ts';
export type { OutElement } from './elements.ts';
export * from './errors.ts';
export { createListener, DEFAULT_STORAGE, ListenerFailedError } from './listener.ts';
export type { Listener, ListenerOptions, ReceivedInstance, StoreExpectation } from './listener.ts';
export { checkAeTitle, DEFAULT_TIMEOUTS } from './peer.ts';
export type { CallOptions, DimseTimeouts, Peer, PeerTls } from './peer.ts';
export { knowsInstance, readBackByGet, readBackByMove, ReadBackFailedError } from './read-back.ts';
export type { InstanceLocation } from './read-back.ts';
export { createStoreSender, datasetOf, storeInstance } from './store.ts';
export type { InstanceToStore, StoreResult, StoreSender } from './store.ts';
export type { StoreOutcome } from './store-status.ts';
