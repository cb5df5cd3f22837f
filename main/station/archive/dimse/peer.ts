import type { SecureVersion } from 'node:tls';
import { PhotodockError } from '../../../../shared/domain/errors.ts';

/** Milliseconds. */
export interface DimseTimeouts {
  /** Until TCP (and TLS) stands. */
  connectMs: number;
  /** Until the association is answered. */
  associationMs: number;
  /** Longest time without one byte in either direction while a request is under way. */
  idleMs: number;
  /** Longest wait for a whole answer after our last byte left, however many bytes trickle in meanwhile. */
  answerMs: number;
  /** Longest wait for the answer to our release. The work is done by then. */
  releaseMs: number;
}

export const DEFAULT_TIMEOUTS: DimseTimeouts = {
  connectMs: 10_000,
  associationMs: 15_000,
  idleMs: 60_000,
  answerMs: 600_000,
  releaseMs: 2_000,
};

/** PEM texts. Without `ca` the trust store of Node is used. */
export interface PeerTls {
  ca?: string;
  cert?: string;
  key?: string;
  passphrase?: string;
  /** The name in the peer's certificate, where it is not the host. */
  serverName?: string;
  /** Pin: only this certificate (SHA-256, colons or not). */
  fingerprint256?: string;
  minVersion?: SecureVersion;
}

/** A DICOM application entity and how we call ourselves towards it. */
export interface Peer {
  host: string;
  port: number;
  calledAet: string;
  callingAet: string;
  tls?: PeerTls;
  timeouts?: Partial<DimseTimeouts>;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  timeouts?: Partial<DimseTimeouts> | undefined;
}

export function timeoutsOf(peer: Peer, options: CallOptions): DimseTimeouts {
  return { ...DEFAULT_TIMEOUTS, ...peer.timeouts, ...options.timeouts };
}

/** PS3.5 table 6.2-1, AE: 1 to 16 printable ASCII characters, no backslash, not only spaces. */
export function checkAeTitle(title: string): string {
  if (!/^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(title) || title.trim() === '')
    throw new PhotodockError('bad-ae-title', 'an AE title has 1 to 16 printable ASCII characters and no backslash');
  return title;
}
