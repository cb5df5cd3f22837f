import type { requests, responses } from 'dcmjs-dimse';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import { dimse, RawDataset } from './dimse-library.ts';
import type { ArchivedInstance } from './part10.ts';

const { PresentationContext } = dimse.association;
type Request = InstanceType<typeof requests.Request>;
type Response = InstanceType<typeof responses.Response>;

/** Where the archive opens associations to: the station's listener. */
export interface DimsePartner {
  readonly host: string;
  readonly port: number;
  readonly aet: string;
  /** Our own AE title, as the calling one. */
  readonly callingAet: string;
}

/** The partner did not answer, or not with a status. */
export class AssociationFailedError extends PhotodockError {
  constructor(reason: string, cause?: unknown) {
    super('practice-association-failed', `association failed: ${reason}`, {}, { cause });
  }
}

export const storageCommitment = '1.2.840.10008.1.20.1';
const storageCommitmentInstance = '1.2.840.10008.1.20.1.1';

export interface CommitmentReport {
  readonly transactionUid: string;
  readonly committed: readonly SopReference[];
  readonly failed: readonly (SopReference & { readonly reason: number })[];
}

export interface SopReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** Tells the partner how a storage commitment ended, on an association of our own with reversed roles (PS3.4 J.3.3). */
export async function sendCommitmentReport(partner: DimsePartner, report: CommitmentReport): Promise<number> {
  const request = new dimse.requests.NEventReportRequest(
    storageCommitment,
    storageCommitmentInstance,
    report.failed.length === 0 ? 1 : 2,
  );
  request.setDataset(
    new dimse.Dataset({
      TransactionUID: report.transactionUid,
      ...(report.committed.length === 0 ? {} : { ReferencedSOPSequence: report.committed.map(referenceItem) }),
      ...(report.failed.length === 0
        ? {}
        : { FailedSOPSequence: report.failed.map((one) => ({ ...referenceItem(one), FailureReason: one.reason })) }),
    }),
  );
  return (await exchange(partner, request, true)).getStatus();
}

/** Sends one instance byte for byte and returns the status of the partner's answer. */
export async function sendInstance(partner: DimsePartner, instance: ArchivedInstance): Promise<number> {
  const request = new dimse.requests.CStoreRequest(new RawDataset(instance));
  return (await exchange(partner, request, false)).getStatus();
}

function referenceItem({ sopClassUid, sopInstanceUid }: SopReference): Record<string, string> {
  return { ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: sopInstanceUid };
}

interface Wire {
  sendAssociationRequest(association: InstanceType<typeof dimse.association.Association>): void;
  on(event: 'abort', listener: () => void): void;
  socket: { destroy(): void };
}

function exchange(partner: DimsePartner, request: Request, asProvider: boolean): Promise<Response> {
  return new Promise((resolve, reject) => {
    const client = new dimse.Client();
    let answer: Response | undefined;
    let problem = 'no answer';
    let cause: unknown;
    request.on('response', (response: Response) => void (answer = response));
    client.addRequest(request);
    client.on('networkError', (error: unknown) => {
      problem = 'network';
      cause = error;
    });
    client.on('associationRejected', () => void (problem = 'rejected'));
    client.on('closed', () => {
      if (answer === undefined) reject(new AssociationFailedError(problem, cause));
      else resolve(answer);
    });
    client.send(partner.host, partner.port, partner.callingAet, partner.aet, {
      connectTimeout: 5_000,
      pduTimeout: 15_000,
    });
    const wire = (client as unknown as { network: Wire }).network;
    // The library says nothing about an A-ABORT and waits for the PDU timeout.
    wire.on('abort', () => {
      problem = 'aborted';
      wire.socket.destroy();
    });
    if (asProvider) proposeProviderRole(wire);
  });
}

/** The library cannot be asked to propose roles; who reports a commitment is the provider and must say so (PS3.7 D.3.3.4). */
function proposeProviderRole(wire: Wire): void {
  const send = wire.sendAssociationRequest.bind(wire);
  wire.sendAssociationRequest = (association) => {
    for (const { context } of association.getPresentationContexts()) {
      if (!(context instanceof PresentationContext)) continue;
      context.setUserRole(false);
      context.setProviderRole(true);
    }
    send(association);
  };
}
