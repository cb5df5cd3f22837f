import type { Socket } from 'node:net';
import dimse from 'dcmjs-dimse';
import { PhotodockError } from '../../../../shared/domain/errors.ts';
import type { Command } from './command.ts';
import { answerTo, COMMAND, RESPONSE_BIT } from './command.ts';
import { connectPeer } from './connect.ts';
import {
  abortReason,
  AssociationAbortedError,
  AssociationRejectedError,
  ContextNotAcceptedError,
  NoResponseError,
  PeerTimeoutError,
} from './errors.ts';
import { MessageNetwork } from './network.ts';
import type { IncomingMessage, Negotiation } from './network.ts';
import { checkAeTitle, timeoutsOf } from './peer.ts';
import type { CallOptions, DimseTimeouts, Peer } from './peer.ts';

/** One presentation context to propose. The peer may choose among the transfer syntaxes. */
export interface ProposedContext {
  sopClassUid: string;
  transferSyntaxUids: readonly string[];
  /** Role selection: we are the receiver (SCP) of this SOP class on our own association, as C-GET needs. */
  weReceive?: boolean;
}

export interface AcceptedContext {
  id: number;
  sopClassUid: string;
  transferSyntaxUid: string;
}

export interface DimseRequest {
  context: ProposedContext;
  command: Command;
  /** Encoded for the transfer syntax that was accepted. */
  dataset?: (transferSyntaxUid: string) => Buffer;
  /** A pending answer (FF00, FF01). Return false to cancel the rest. */
  onPending?: (answer: Answer) => boolean | void;
}

/** One response to one request. `dataset` is raw, in `transferSyntaxUid`. */
export interface Answer {
  status: number;
  command: Command;
  dataset: Buffer | null;
  transferSyntaxUid: string;
}

export interface AssociationOptions extends CallOptions {
  /** Answers what the peer asks on this association (reports, C-GET sub-operations) with a status. */
  onRequest?: ((message: IncomingMessage) => Promise<number>) | undefined;
  /** Most bytes of one incoming message. Default 4 MiB */
  maxMessageBytes?: number | undefined;
}

export interface OpenAssociation {
  readonly accepted: readonly AcceptedContext[];
  /** True until released, aborted or lost. */
  readonly isOpen: boolean;
  /** Sends the request and resolves with its final answer, or throws a named error. One at a time. The signal aborts the association. */
  perform(request: DimseRequest, signal?: AbortSignal): Promise<Answer>;
  /** Ends in good order; never throws: whatever was answered stays answered. */
  release(): Promise<void>;
  abort(): void;
}

const STATUS_PENDING = 0xff00;
const STATUS_UNRECOGNIZED_OPERATION = 0x0211;
const DEFAULT_MESSAGE_BYTES = 4 * 1024 * 1024;

/** True for FF00 and FF01: more answers follow (PS3.4 C.4.1.1.4). */
export function isPending(status: number): boolean {
  return (status & 0xfffe) === STATUS_PENDING;
}

/** Connects and negotiates (the signal covers just that). Throws PeerUnreachable, PeerTls, AssociationRejected, AssociationAborted or PeerTimeout. */
export async function openAssociation(
  peer: Peer,
  contexts: readonly ProposedContext[],
  options: AssociationOptions = {},
): Promise<OpenAssociation> {
  checkAeTitle(peer.callingAet);
  checkAeTitle(peer.calledAet);
  const timeouts = timeoutsOf(peer, options);
  const socket = await connectPeer(peer, timeouts.connectMs, options.signal);
  const association = new Association(socket, timeouts, options);
  await association.during(options.signal, () => association.negotiate(peer, contexts));
  return association;
}

/** Runs requests one after the other on one association; every request has its final answer, or this throws. */
export async function runRequests(
  peer: Peer,
  requests: readonly DimseRequest[],
  options: AssociationOptions = {},
): Promise<Answer[]> {
  const contexts = requests.map((request) => request.context);
  const association = await openAssociation(peer, contexts.filter(isFirstOfItsKind), options);
  const answers: Answer[] = [];
  try {
    for (const request of requests) answers.push(await association.perform(request, options.signal));
  } catch (error) {
    if (error instanceof ContextNotAcceptedError) await association.release();
    else association.abort();
    throw error;
  }
  await association.release();
  return answers;
}

class Association implements OpenAssociation {
  accepted: AcceptedContext[] = [];
  readonly #network: MessageNetwork;
  readonly #timeouts: DimseTimeouts;
  readonly #options: AssociationOptions;
  #proposed = new Map<number, readonly string[]>();
  #messageId = 0;
  #broken: Error | null = null;
  #closed = false;
  /** Settles what is being waited for now. */
  #onAnswer: ((message: IncomingMessage) => void) | null = null;
  #onEnd: ((error: Error) => void) | null = null;

  constructor(socket: Socket, timeouts: DimseTimeouts, options: AssociationOptions) {
    this.#timeouts = timeouts;
    this.#options = options;
    this.#network = new MessageNetwork(
      socket,
      { onMessage: (message) => this.#message(message), onBroken: (error) => this.#end(lost(error)) },
      options.maxMessageBytes ?? DEFAULT_MESSAGE_BYTES,
    );
    const network = this.#network;
    network.on('abort', (by: { source: number; reason: number }) => {
      this.#end(new AssociationAbortedError('peer', { source: by.source, reason: by.reason }));
      socket.destroy();
    });
    network.on('associationReleaseRequested', () => {
      network.sendAssociationReleaseResponse();
      this.#end(new NoResponseError());
      socket.destroySoon();
    });
    socket.on('close', () => {
      this.#closed = true;
      this.#end(new AssociationAbortedError('connection-lost'));
    });
  }

  get isOpen(): boolean {
    return this.#broken === null && !this.#closed && this.#network.socket.writable;
  }

  async negotiate(peer: Peer, contexts: readonly ProposedContext[]): Promise<void> {
    const negotiation = new dimse.association.Association(peer.callingAet, peer.calledAet) as Negotiation;
    for (const context of contexts) {
      const id = negotiation.addPresentationContext(context.sopClassUid);
      for (const uid of context.transferSyntaxUids) negotiation.addTransferSyntaxToPresentationContext(id, uid);
      this.#proposed.set(id, [...context.transferSyntaxUids]);
      if (context.weReceive) {
        negotiation.getPresentationContext(id).setUserRole(false);
        negotiation.getPresentationContext(id).setProviderRole(true);
      }
    }
    await this.#wait<void>('association', this.#timeouts.associationMs, (resolve, reject) => {
      this.#network.on('associationAccepted', () => resolve());
      this.#network.on('associationRejected', (why: { result: number; source: number; reason: number }) => {
        reject(new AssociationRejectedError(why.result, why.source, why.reason));
      });
      this.#network.associate(negotiation);
    }).catch((error: unknown) => {
      this.#end(error);
      this.#network.abortNow();
      throw error;
    });
    this.accepted = negotiation.getPresentationContexts().flatMap(({ id, context }) => {
      const transferSyntaxUid = context.getAcceptedTransferSyntaxUid();
      if (context.getResult() !== 0 || transferSyntaxUid === undefined) return [];
      // a peer may only choose among what was proposed
      if (!this.#proposed.get(id)?.includes(transferSyntaxUid)) return [];
      return [{ id, sopClassUid: context.getAbstractSyntaxUid(), transferSyntaxUid }];
    });
  }

  perform(request: DimseRequest, signal?: AbortSignal): Promise<Answer> {
    return this.during(signal, () => this.#perform(request));
  }

  /** Runs one step; the signal ends the association and with it the step. */
  async during<T>(signal: AbortSignal | undefined, step: () => Promise<T>): Promise<T> {
    const onAbort = (): void => {
      this.#end(abortReason(signal));
      this.#network.abortNow();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    try {
      return await step();
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async #perform(request: DimseRequest): Promise<Answer> {
    const { sopClassUid, transferSyntaxUids } = request.context;
    const context = this.accepted.find(
      (one) => one.sopClassUid === sopClassUid && transferSyntaxUids.includes(one.transferSyntaxUid),
    );
    if (!context) throw new ContextNotAcceptedError(sopClassUid, transferSyntaxUids[0] ?? null, null);
    const messageId = (this.#messageId = (this.#messageId % 0xffff) + 1);
    const dataset = request.dataset?.(context.transferSyntaxUid) ?? null;
    let cancelled = false;
    try {
      return await this.#wait<Answer>('response', this.#timeouts.idleMs, (resolve, reject) => {
        this.#onAnswer = (message) => {
          const { command } = message;
          if (command.respondedToMessageId !== messageId || command.field !== (request.command.field | RESPONSE_BIT))
            return;
          if (command.status === undefined) return reject(new NoResponseError());
          const { transferSyntaxUid } = message;
          const answer: Answer = { status: command.status, command, dataset: message.dataset, transferSyntaxUid };
          if (!isPending(answer.status)) return resolve(answer);
          if (!cancelled && request.onPending?.(answer) === false) {
            cancelled = true;
            const cancel: Command = { field: COMMAND.cancel, respondedToMessageId: messageId };
            this.#network.send(context.id, cancel).catch(reject);
          }
        };
        this.#network.send(context.id, { ...request.command, messageId }, dataset).catch(reject);
      });
    } catch (error) {
      this.#end(error);
      this.#network.abortNow();
      throw error;
    } finally {
      this.#onAnswer = null;
    }
  }

  async release(): Promise<void> {
    if (!this.isOpen) return;
    const { socket } = this.#network;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#timeouts.releaseMs);
      const done = (): void => (clearTimeout(timer), resolve());
      this.#network.on('associationReleaseResponse', done);
      socket.once('close', done);
      this.#network.sendAssociationReleaseRequest();
    });
    this.#broken ??= new NoResponseError();
    socket.destroySoon();
  }

  abort(): void {
    this.#end(new AssociationAbortedError('connection-lost'));
    this.#network.abortNow();
  }

  #message(message: IncomingMessage): void {
    if (message.command.field & RESPONSE_BIT) return this.#onAnswer?.(message);
    const answer = async (): Promise<void> => {
      const status = (await this.#options.onRequest?.(message)) ?? STATUS_UNRECOGNIZED_OPERATION;
      await this.#network.send(message.contextId, answerTo(message.command, status));
    };
    answer().catch((error: unknown) => {
      this.#end(error);
      this.#network.abortNow();
    });
  }

  #end(error: unknown): void {
    this.#broken ??= error instanceof Error ? error : lost(error);
    this.#onEnd?.(this.#broken);
  }

  /** Waits until settled, the association ends, no byte moved in either direction for `limitMs`, or the answer took too long. */
  #wait<T>(
    phase: 'association' | 'response',
    limitMs: number,
    start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  ): Promise<T> {
    const { socket } = this.#network;
    let timer: NodeJS.Timeout | undefined;
    return new Promise<T>((resolve, reject) => {
      if (this.#broken !== null) return reject(this.#broken);
      this.#onEnd = reject;
      let moved = -1;
      let movedAt = 0;
      let sent = -1;
      let sentAt = 0;
      const watch = (): void => {
        const left = socket.bytesWritten - socket.writableLength;
        const bytes = socket.bytesRead + left;
        const now = performance.now();
        if (left !== sent) [sent, sentAt] = [left, now];
        if (bytes !== moved) [moved, movedAt] = [bytes, now];
        else if (now - movedAt >= limitMs) return reject(new PeerTimeoutError(phase, limitMs));
        // a peer that trickles is never silent, and may never end
        if (now - sentAt >= this.#timeouts.answerMs)
          return reject(new PeerTimeoutError(phase, this.#timeouts.answerMs));
        timer = setTimeout(watch, Math.min(limitMs / 4, 1_000));
      };
      start(resolve, reject);
      watch();
    }).finally(() => {
      clearTimeout(timer);
      this.#onEnd = null;
    });
  }
}

function lost(error: unknown): Error {
  if (error instanceof PhotodockError) return error;
  return new AssociationAbortedError('protocol-error', {}, error);
}

function isFirstOfItsKind(context: ProposedContext, index: number, all: readonly ProposedContext[]): boolean {
  const key = (one: ProposedContext): string => [one.sopClassUid, ...one.transferSyntaxUids].join();
  return all.findIndex((other) => key(other) === key(context)) === index;
}
