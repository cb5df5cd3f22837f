import type { Server as NetServer } from 'node:net';
import type { requests, responses } from 'dcmjs-dimse';
import { Writable } from 'node:stream';
import { DatasetFormatError } from './dataset-reader.ts';
import { dimse } from './dimse-library.ts';
import { instanceFromDataset, type ArchivedInstance } from './part10.ts';
import type { SopReference } from './associate.ts';
import { archiveStatus } from './instance-store.ts';

type PresentationContext = InstanceType<typeof dimse.association.PresentationContext>;
type Association = InstanceType<typeof dimse.association.Association>;
type Identifier = Readonly<Record<string, unknown>>;

export interface CommitmentRequest {
  readonly callingAet: string;
  readonly transactionUid: string;
  readonly references: readonly SopReference[];
}

export interface MoveProgress {
  readonly remaining: number;
  readonly completed: number;
  readonly failed: number;
}

/** What an archive does when it is spoken to by DIMSE. Statuses are those of DICOM; `abort` breaks the association. */
export interface ScpHandlers {
  /** Called AE title accepted? */
  knows(calledAet: string): boolean;
  /** The transfer syntax to accept of those offered, or null to refuse the context. */
  accept(abstractSyntax: string, offered: readonly string[]): string | null;
  /** `silence` never answers. */
  store(instance: ArchivedInstance): Promise<number | 'abort' | 'silence'>;
  find(query: Identifier): Promise<Record<string, unknown>[]>;
  /** Answers the N-ACTION with the status; then `afterwards` runs. */
  commit(request: CommitmentRequest): Promise<{ status: number; afterwards?: () => Promise<void> }>;
  move(
    destinationAet: string,
    query: Identifier,
    progress: (state: MoveProgress) => void,
  ): Promise<{ status: number; progress: MoveProgress }>;
}

export interface RunningScp {
  readonly port: number;
  stop(): Promise<void>;
}

const pending = 0xff00;

/** Listens for DICOM associations on loopback only. Port 0 takes a free one. */
export async function startScp(port: number, handlers: ScpHandlers): Promise<RunningScp> {
  const server = new dimse.Server(scpClass(handlers));
  const listening = new Promise<void>((resolve, reject) => {
    server.on('listening', () => resolve());
    // Later network errors belong to one association and end it; they are of no other concern.
    server.on('networkError', (error: Error) => reject(error));
  });
  listening.catch(() => undefined);
  // The library hands this to net.Server.listen, which takes an object too; a bare number would bind every interface.
  server.listen({ port, host: '127.0.0.1' } as unknown as number, { pduTimeout: 120_000 });
  await listening;
  const sockets = (server as unknown as { server: NetServer }).server;
  const address = sockets.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        sockets.once('close', () => resolve());
        server.close();
      }),
  };
}

/** Keeps what comes in, without the library's parsing of it. */
class Received extends Writable {
  readonly chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
}

function scpClass(handlers: ScpHandlers): typeof dimse.Scp {
  return class ArchiveScp extends dimse.Scp {
    association: Association | undefined;
    received = { bytes: Buffer.alloc(0), transferSyntax: '' };

    override associationRequested(association: Association): void {
      this.association = association;
      if (!handlers.knows(association.getCalledAeTitle().trim())) {
        // Permanent, by the service user, called AE title not recognized (PS3.8 9.3.4).
        this.sendAssociationReject(1, 1, 7);
        return;
      }
      for (const { id } of association.getPresentationContexts()) {
        const context = association.getPresentationContext(id);
        const chosen = handlers.accept(context.getAbstractSyntaxUid(), context.getTransferSyntaxUids());
        const { Accept, RejectTransferSyntaxesNotSupported } = dimse.constants.PresentationContextResult;
        if (chosen === null) context.setResult(RejectTransferSyntaxesNotSupported);
        else context.setResult(Accept, chosen);
      }
      this.sendAssociationAccept();
    }

    override associationReleaseRequested(): void {
      this.sendAssociationReleaseResponse();
    }

    override abort(): void {
      this.#break();
    }

    override cEchoRequest(request: requests.CEchoRequest, answer: (response: responses.CEchoResponse) => void): void {
      const response = dimse.responses.CEchoResponse.fromRequest(request);
      response.setStatus(archiveStatus.success);
      answer(response);
    }

    override createStoreWritableStream(): Writable {
      return new Received();
    }

    override createDatasetFromStoreWritableStream(
      writable: Writable,
      context: PresentationContext,
      done: (dataset: InstanceType<typeof dimse.Dataset>) => void,
    ): void {
      this.received = {
        bytes: Buffer.concat((writable as Received).chunks),
        transferSyntax: context.getAcceptedTransferSyntaxUid() ?? '',
      };
      done(new dimse.Dataset({}));
    }

    override cStoreRequest(
      request: requests.CStoreRequest,
      answer: (response: responses.CStoreResponse) => void,
    ): void {
      const { received } = this;
      const response = dimse.responses.CStoreResponse.fromRequest(request);
      void judge(received, request, handlers).then((status) => {
        if (status === 'abort') this.sendAbort(0, 0);
        else if (status !== 'silence') {
          response.setStatus(status);
          answer(response);
        }
      });
    }

    override cFindRequest(
      request: requests.CFindRequest,
      answer: (responses: responses.CFindResponse[]) => void,
    ): void {
      const transferSyntax = this.association
        ?.getAcceptedPresentationContextFromRequest(request)
        ?.getAcceptedTransferSyntaxUid();
      const reply = (status: number, elements?: Record<string, unknown>) => {
        const response = dimse.responses.CFindResponse.fromRequest(request);
        response.setStatus(status);
        if (elements !== undefined) response.setDataset(new dimse.Dataset(elements, transferSyntax));
        return response;
      };
      handlers.find(request.getDataset()?.getElements() ?? {}).then(
        (found) => answer([...found.map((elements) => reply(pending, elements)), reply(archiveStatus.success)]),
        () => answer([reply(archiveStatus.cannotUnderstand)]),
      );
    }

    override nActionRequest(
      request: requests.NActionRequest,
      answer: (response: responses.NActionResponse) => void,
    ): void {
      const response = dimse.responses.NActionResponse.fromRequest(request);
      const reply = (status: number) => {
        response.setStatus(status);
        answer(response);
      };
      const elements = request.getDataset()?.getElements() ?? {};
      handlers
        .commit({
          callingAet: this.association?.getCallingAeTitle().trim() ?? '',
          transactionUid: String(elements['TransactionUID'] ?? ''),
          references: sequence(elements['ReferencedSOPSequence']).map((item) => ({
            sopClassUid: String(item['ReferencedSOPClassUID'] ?? ''),
            sopInstanceUid: String(item['ReferencedSOPInstanceUID'] ?? ''),
          })),
        })
        .then(
          async ({ status, afterwards }) => {
            reply(status);
            await afterwards?.();
          },
          () => reply(archiveStatus.processingFailure),
        )
        // The partner did not take the report: an archive does not care, the station must ask again.
        .catch(() => undefined);
    }

    override cMoveRequest(
      request: requests.CMoveRequest,
      answer: (responses: responses.CMoveResponse[]) => void,
    ): void {
      const reply = (status: number, state?: MoveProgress) => {
        const response = dimse.responses.CMoveResponse.fromRequest(request);
        response.setStatus(status);
        if (state !== undefined) {
          if (status === pending) response.setRemaining(state.remaining);
          response.setCompleted(state.completed);
          response.setFailures(state.failed);
          response.setWarnings(0);
        }
        return response;
      };
      const destination = (request.getCommandDataset().getElement('MoveDestination') ?? '').trim();
      handlers
        .move(destination, request.getDataset()?.getElements() ?? {}, (state) =>
          // The library's callback may be called once only.
          this.sendResponse(request, reply(pending, state)),
        )
        .then(
          ({ status, progress }) => answer([reply(status, progress)]),
          () => answer([reply(archiveStatus.cannotUnderstand)]),
        );
    }

    #break(): void {
      (this as unknown as { socket: { destroy(): void } }).socket.destroy();
    }
  };
}

async function judge(
  received: { bytes: Buffer; transferSyntax: string },
  request: requests.CStoreRequest,
  handlers: ScpHandlers,
): Promise<number | 'abort' | 'silence'> {
  try {
    const instance = instanceFromDataset(received.bytes, received.transferSyntax);
    const agrees =
      instance.sopClassUid === request.getAffectedSopClassUid() &&
      instance.sopInstanceUid === request.getAffectedSopInstanceUid();
    return agrees ? await handlers.store(instance) : archiveStatus.datasetMismatch;
  } catch (error) {
    return error instanceof DatasetFormatError ? archiveStatus.cannotUnderstand : archiveStatus.processingFailure;
  }
}

function sequence(value: unknown): Record<string, unknown>[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as Record<string, unknown>[];
}
