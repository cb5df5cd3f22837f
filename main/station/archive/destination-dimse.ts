import { PhotodockError } from '../../../shared/domain/errors.ts';
import { readBackByWado } from './destination-dicomweb.ts';
import type { Destination, OnCommitment } from './destination.ts';
import { pixelStreamOfDataset } from './dicom/index.ts';
import type { Peer as WebPeer } from './dicomweb/index.ts';
import { closePeer } from './dicomweb/index.ts';
import type { CommitmentReport, Listener, Peer } from './dimse/index.ts';
import {
  createListener,
  createStoreSender,
  echo,
  readBackByGet,
  readBackByMove,
  requestCommitment,
} from './dimse/index.ts';

export interface DimseDestinationOptions {
  readonly name: string;
  readonly peer: Peer;
  readonly listen: { readonly host: string; readonly port: number } | null;
  readonly commitment: boolean;
  readonly commitmentTimeoutMs: number;
  readonly readBack:
    { readonly kind: 'move' } | { readonly kind: 'get' } | { readonly kind: 'dicomweb'; readonly peer: WebPeer };
  readonly onCommitment: OnCommitment;
}

/**
 * An archive that speaks DIMSE: C-STORE, storage commitment by N-ACTION with the report on our own listener, read-back
 * by C-MOVE to us (or C-GET, or WADO-RS where the archive offers it beside DIMSE).
 * @throws ListenerFailedError when the port cannot be listened on
 */
export async function dimseDestination(options: DimseDestinationOptions): Promise<Destination> {
  const { name, peer, readBack } = options;
  const onReport = (report: CommitmentReport) =>
    options.onCommitment({ transactionUid: report.transactionUid, committed: report.ok, failed: report.failed });
  const listener: Listener | null = options.listen
    ? await createListener({
        aet: peer.callingAet,
        ...options.listen,
        allowedCallingAets: [peer.calledAet],
        onCommitmentReport: onReport,
      })
    : null;
  const sender = createStoreSender(peer);
  return {
    name,
    kind: 'dimse',
    commitmentOffered: options.commitment,
    commitmentTimeoutMs: options.commitmentTimeoutMs,
    concurrency: 2,
    async store(instance, signal) {
      const { outcome, status } = await sender.store(instance, signal);
      return { outcome, code: status };
    },
    async requestCommitment(transactionUid, references, signal) {
      const { status } = await requestCommitment(peer, transactionUid, references, { signal, onReport });
      if (status !== 0)
        throw new PhotodockError('commitment-refused', 'the archive refused the commitment request', { status });
    },
    async readBack(instance, maxBytes, signal) {
      if (readBack.kind === 'dicomweb') return readBackByWado(readBack.peer, instance, maxBytes, signal);
      const location = {
        studyUid: instance.studyInstanceUid,
        seriesUid: instance.seriesInstanceUid,
        sopInstanceUid: instance.sopInstanceUid,
      };
      if (readBack.kind === 'move' && !listener) throw new PhotodockError('no-listener', 'C-MOVE needs station.listen');
      const received =
        readBack.kind === 'move'
          ? await readBackByMove(peer, listener!, location, { signal, maxBytes })
          : await readBackByGet(peer, location, instance, { signal, maxBytes });
      return received ? pixelStreamOfDataset(received.dataset, received.transferSyntaxUid).bytes : null;
    },
    check: (signal) => echo(peer, { signal }),
    async close() {
      await sender.close();
      await listener?.close();
      if (readBack.kind === 'dicomweb') closePeer(readBack.peer);
    },
  };
}
