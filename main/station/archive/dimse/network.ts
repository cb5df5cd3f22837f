import type { Socket } from 'node:net';
import dimse from 'dcmjs-dimse';
import { errorCode } from '../../../../shared/domain/errors.ts';
import type { Command } from './command.ts';
import { decodeCommand, encodeCommand } from './command.ts';
import { AssociationAbortedError, PeerTlsError } from './errors.ts';

// The library logs command sets and data sets: patient data. It never may.
dimse.log.setLevel('silent');

/** A negotiated association as the library keeps it. */
export type Negotiation = InstanceType<typeof dimse.association.Association> & {
  getPresentationContexts(): { id: number; context: NegotiatedContext }[];
  addPresentationContext(sopClassUid: string): number;
  addTransferSyntaxToPresentationContext(id: number, transferSyntaxUid: string): void;
  getPresentationContext(id: number): NegotiatedContext;
};
export type NegotiatedContext = InstanceType<typeof dimse.association.PresentationContext>;

/** One whole message as it came over the wire: nothing parsed but the command. */
export interface IncomingMessage {
  contextId: number;
  sopClassUid: string;
  transferSyntaxUid: string;
  command: Command;
  dataset: Buffer | null;
}

export interface NetworkHandlers {
  onMessage(message: IncomingMessage): void;
  /** Anything the association cannot go on after: a protocol error, a socket error, a limit. */
  onBroken(error: unknown): void;
}

/** Longest PDU we ask a peer for, and the most one may send us before we hang up. */
const MAX_PDU_BYTES = 256 * 1024;
/** An A-ASSOCIATE-RQ with 128 contexts of a few transfer syntaxes stays well below. */
const MAX_NEGOTIATION_BYTES = 64 * 1024;
const WRITE_BLOCK_BYTES = 512 * 1024;
const NEVER_MS = 0x7fffffff;
const ABORT_GRACE_MS = 1_000;

interface ReceivedFragments {
  getPdvs(): {
    getPresentationContextId(): number;
    getValue(): Buffer;
    isCommand(): boolean;
    isLastFragment(): boolean;
  }[];
}

/**
 * The library's network layer with its message layer replaced by ours. The library still does what it does well: PDUs and
 * negotiation. Ours because of what the library's message layer does: it keeps fragments of earlier messages (stale
 * fields), transcodes silently, skips requests without a context silently, takes FF01 for final, parses every data set
 * (and so loses the raw bytes), keeps all of them in memory, and buffers without limit.
 *
 * `Scp` is the only network class the library exports; it serves both directions.
 */
export class MessageNetwork extends dimse.Scp {
  declare association: Negotiation | undefined;
  declare socket: Socket;
  readonly #handlers: NetworkHandlers;
  #fragments: Buffer[] = [];
  #fragmentBytes = 0;
  #command: { command: Command; contextId: number } | null = null;
  #sending: Promise<void> = Promise.resolve();
  /** Most bytes one message may have. Raised by the owner while something big is expected. */
  maxMessageBytes: number;

  constructor(socket: Socket, handlers: NetworkHandlers, maxMessageBytes: number) {
    // our own timeouts watch the association; the library's would abort a long upload
    super(socket, { connectTimeout: NEVER_MS, associationTimeout: NEVER_MS, pduTimeout: NEVER_MS });
    this.#handlers = handlers;
    this.maxMessageBytes = maxMessageBytes;
    socket.setNoDelay(true);
    const guard = createPduGuard(() => (this.association ? MAX_PDU_BYTES + 6 : MAX_NEGOTIATION_BYTES));
    socket.prependListener('data', (chunk: Buffer) => {
      if (!guard(chunk)) this.#break(new AssociationAbortedError('protocol-error'));
    });
    // before the library's listener, which keeps only the words of the error
    socket.prependListener('error', (error) => {
      const code = errorCode(error);
      this.#break(
        code.startsWith('ERR_SSL')
          ? new PeerTlsError(code, error)
          : new AssociationAbortedError('connection-lost', {}, error),
      );
    });
    this.on('networkError', (error: unknown) => this.#break(error));
  }

  // the library's defaults for these reject or answer on their own; the owner listens to the events instead
  override associationRequested(): void {}
  override associationReleaseRequested(): void {}
  override abort(): void {}

  /** Proposes the contexts. */
  associate(association: Negotiation): void {
    association.setMaxPduLength(MAX_PDU_BYTES);
    this.sendAssociationRequest(association);
  }

  /** Accepts what was decided on the association; the peer's limit stays in force for what we send. */
  accept(): void {
    const negotiation = this.association;
    if (!negotiation) throw new AssociationAbortedError('protocol-error');
    const theirs = negotiation.getMaxPduLength();
    // the library answers with the smaller of both; 0 would promise a peer that any length is welcome
    if (theirs === 0) negotiation.setMaxPduLength(MAX_PDU_BYTES);
    this.sendAssociationAccept();
  }

  /** Sends one message after those before it; resolves when the socket has taken all of it. */
  send(contextId: number, command: Command, dataset: Buffer | null = null): Promise<void> {
    // fragments of two messages must not mix
    const sent = this.#sending.then(() => this.#sendNow(contextId, command, dataset));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  async #sendNow(contextId: number, command: Command, dataset: Buffer | null): Promise<void> {
    const limit = this.association?.getMaxPduLength() ?? 0;
    const fragmentBytes = limit === 0 ? MAX_PDU_BYTES : Math.min(Math.max(limit, 4096), 4 * 1024 * 1024);
    for (const block of pduBlocks(
      contextId,
      encodeCommand({ ...command, hasDataset: dataset !== null }),
      dataset,
      fragmentBytes,
    )) {
      if (this.socket.destroyed) throw new AssociationAbortedError('connection-lost');
      if (!this.socket.write(block)) await drained(this.socket);
    }
  }

  /** A-ABORT, then the socket is gone. */
  abortNow(): void {
    if (this.socket.destroyed) return;
    // what still waits to be sent will not get there before the abort does
    if (this.socket.writableLength > 0) return void this.socket.destroy();
    if (this.association) this.sendAbort();
    this.socket.destroySoon();
    const { socket } = this;
    setTimeout(() => socket.destroy(), ABORT_GRACE_MS).unref();
  }

  /** Called by the library for every P-DATA-TF. Must not throw and must stay synchronous: the library does not wait. */
  _processPDataTf(received: ReceivedFragments): Promise<void> {
    try {
      for (const pdv of received.getPdvs())
        this.#take(pdv.getPresentationContextId(), pdv.getValue(), pdv.isCommand(), pdv.isLastFragment());
    } catch (error) {
      this.#break(error);
    }
    return Promise.resolve();
  }

  #take(contextId: number, value: Buffer, isCommand: boolean, isLast: boolean): void {
    if (isCommand !== (this.#command === null)) throw new AssociationAbortedError('protocol-error');
    this.#fragments.push(value);
    this.#fragmentBytes += value.length;
    if (this.#fragmentBytes > this.maxMessageBytes) throw new AssociationAbortedError('protocol-error');
    if (!isLast) return;
    const bytes = Buffer.concat(this.#fragments, this.#fragmentBytes);
    this.#fragments = [];
    this.#fragmentBytes = 0;
    if (isCommand) {
      const command = decodeCommand(bytes);
      if (command.hasDataset) this.#command = { command, contextId };
      else this.#deliver(contextId, command, null);
      return;
    }
    const begun = this.#command;
    this.#command = null;
    if (begun?.contextId !== contextId) throw new AssociationAbortedError('protocol-error');
    this.#deliver(contextId, begun.command, bytes);
  }

  #deliver(contextId: number, command: Command, dataset: Buffer | null): void {
    const context = this.association?.getPresentationContext(contextId);
    const transferSyntaxUid = context?.getAcceptedTransferSyntaxUid();
    if (!context || context.getResult() !== 0 || transferSyntaxUid === undefined)
      throw new AssociationAbortedError('protocol-error');
    this.#handlers.onMessage({
      contextId,
      sopClassUid: context.getAbstractSyntaxUid(),
      transferSyntaxUid,
      command,
      dataset,
    });
  }

  #break(error: unknown): void {
    this.#handlers.onBroken(error);
    this.abortNow();
  }
}

/** Watches the PDU lengths in a byte stream; false at the first PDU longer than allowed at that moment. */
export function createPduGuard(maxBytes: () => number): (chunk: Buffer) => boolean {
  const head = Buffer.alloc(6);
  let headBytes = 0;
  let remaining = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (remaining > 0) {
        const step = Math.min(remaining, chunk.length - at);
        remaining -= step;
        at += step;
        continue;
      }
      head[headBytes++] = chunk[at++] ?? 0;
      if (headBytes < 6) continue;
      headBytes = 0;
      remaining = head.readUInt32BE(2);
      if (remaining > maxBytes()) return false;
    }
    return true;
  };
}

/** The P-DATA-TF PDUs of one message, packed into blocks: few socket writes, few copies. PS3.8 9.3.5. */
export function* pduBlocks(
  contextId: number,
  command: Buffer,
  dataset: Buffer | null,
  maxPduBytes: number,
): Generator<Buffer> {
  // an even number of value bytes per fragment (PS3.8 E.2)
  const valueBytes = (maxPduBytes - 6) & ~1;
  const pending: { value: Buffer; control: number }[] = [];
  let pendingBytes = 0;
  const flush = (): Buffer => {
    const block = Buffer.allocUnsafe(pendingBytes);
    let at = 0;
    for (const { value, control } of pending) {
      block.writeUInt16BE(0x0400, at);
      block.writeUInt32BE(value.length + 6, at + 2);
      block.writeUInt32BE(value.length + 2, at + 6);
      block.writeUInt8(contextId, at + 10);
      block.writeUInt8(control, at + 11);
      value.copy(block, at + 12);
      at += 12 + value.length;
    }
    pending.length = 0;
    pendingBytes = 0;
    return block;
  };
  for (const [bytes, isCommand] of dataset
    ? ([
        [command, 1],
        [dataset, 0],
      ] as const)
    : ([[command, 1]] as const)) {
    let at = 0;
    do {
      const value = bytes.subarray(at, at + valueBytes);
      at += value.length;
      pending.push({ value, control: isCommand | (at >= bytes.length ? 2 : 0) });
      pendingBytes += 12 + value.length;
      if (pendingBytes >= WRITE_BLOCK_BYTES) yield flush();
    } while (at < bytes.length);
  }
  if (pending.length > 0) yield flush();
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const onDrain = (): void => (cleanUp(), resolve());
    const onClose = (): void => (cleanUp(), reject(new AssociationAbortedError('connection-lost')));
    const cleanUp = (): void => void socket.off('drain', onDrain).off('close', onClose);
    socket.on('drain', onDrain).on('close', onClose);
  });
}
