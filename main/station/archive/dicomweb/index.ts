export { checkCommitment, requestCommitment, type CommitmentState } from './commitment.ts';
export { type InstanceReference } from './commitment-answer.ts';
export { ArchiveAnswerError, ArchiveBusyError, ArchiveUnreachableError, type ArchiveAnswerCode } from './errors.ts';
export { probeArchive } from './health.ts';
export { type Peer, type PeerTimeouts } from './peer.ts';
export { closePeer } from './request.ts';
export { stowInstances, type InstanceToStow, type StowResult } from './stow.ts';
export { readFrame, readInstance, type InstanceAddress, type ReadBack } from './wado.ts';
