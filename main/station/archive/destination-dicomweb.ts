import { setTimeout as wait } from 'node:timers/promises';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import type { Destination, OnCommitment, Outgoing, Reference } from './destination.ts';
import { pixelStreamOf } from './dicom/index.ts';
import type { Peer } from './dicomweb/index.ts';
import {
  checkCommitment,
  closePeer,
  probeArchive,
  readFrame,
  requestCommitment,
  stowInstances,
} from './dicomweb/index.ts';

export interface DicomWebDestinationOptions {
  readonly name: string;
  readonly peer: Peer;
  readonly commitment: boolean;
  readonly commitmentTimeoutMs: number;
  readonly onCommitment: OnCommitment;
}

/** The frame of an instance by WADO-RS, as the archive keeps it. */
export async function readBackByWado(
  peer: Peer,
  instance: Omit<Outgoing, 'bytes'>,
  maximumBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const address = {
    studyUid: instance.studyInstanceUid,
    seriesUid: instance.seriesInstanceUid,
    sopInstanceUid: instance.sopInstanceUid,
  };
  const answer = await readFrame(peer, address, signal, maximumBytes);
  if (!answer) return null;
  return answer.kind === 'frame' ? answer.bytes : pixelStreamOf(answer.bytes).bytes;
}

/** An archive that speaks DICOMweb: STOW-RS, WADO-RS read-back, commitment by PS3.18 chapter 13 where offered. */
export function dicomWebDestination(options: DicomWebDestinationOptions): Destination {
  const { name, peer, onCommitment } = options;
  return {
    name,
    kind: 'dicomweb',
    commitmentOffered: options.commitment,
    commitmentTimeoutMs: options.commitmentTimeoutMs,
    concurrency: 2,
    async store(instance, signal) {
      const results = await stowInstances(peer, instance.studyInstanceUid, [instance], signal);
      const result = results.get(instance.sopInstanceUid);
      return { outcome: result?.outcome ?? 'unknown', code: result?.code ?? null };
    },
    async requestCommitment(transactionUid, references: readonly Reference[], signal) {
      let state = await requestCommitment(peer, transactionUid, references, signal);
      const until = Date.now() + options.commitmentTimeoutMs;
      while (state.state === 'pending' && Date.now() < until) {
        await wait(Math.min(state.retryAfterMs ?? 1000, 10_000), undefined, { signal });
        state = await checkCommitment(peer, transactionUid, signal);
      }
      if (state.state !== 'answered') {
        // `pending` for so long is what a report that never comes is to a DIMSE archive.
        const code = state.state === 'pending' ? 'commitment-timeout' : `commitment-${state.state}`;
        throw new PhotodockError(code, `the archive gave no commitment: ${state.state}`);
      }
      await onCommitment({ transactionUid, committed: state.committed, failed: state.failed });
    },
    readBack: (instance, maximumBytes, signal) => readBackByWado(peer, instance, maximumBytes, signal),
    check: (signal) => probeArchive(peer, signal),
    async close() {
      closePeer(peer);
    },
  };
}
