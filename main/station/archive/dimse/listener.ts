import { createServer as createTcpServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { PhotodockError } from '../../../../shared/domain/errors.ts';
import { answerTo, COMMAND } from './command.ts';
import { answerCommitmentReport, STORAGE_COMMITMENT } from './commitment.ts';
import type { CommitmentReportHandler } from './commitment.ts';
import { VERIFICATION } from './echo.ts';
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './elements.ts';
import { MessageNetwork } from './network.ts';
import type { IncomingMessage, NegotiatedContext } from './network.ts';
import { checkAeTitle } from './peer.ts';

/** An instance an archive sent to us because we asked: the data set's bytes exactly as received. */
export interface ReceivedInstance {
  sopClassUid: string;
  sopInstanceUid: string;
  transferSyntaxUid: string;
  dataset: Buffer;
}

export interface ListenerOptions {
  aet: string;
  /** 0 takes a free port. */
  port: number;
  /** Address to listen on. Sites whose archive is another machine need 0.0.0.0 or the station's address. Default 127.0.0.1 */
  host?: string;
  /** Calling AE titles that may associate. Nobody else may. */
  allowedCallingAets: readonly string[];
  /** Peers' addresses that may connect at all. Default: any. */
  allowedHosts?: readonly string[] | undefined;
  onCommitmentReport: CommitmentReportHandler;
  /** Storage we take back from an archive. */
  storage?: { sopClassUids: readonly string[]; transferSyntaxUids: readonly string[] } | undefined;
  /** PEM. Peers must show a certificate that `ca` signed. */
  tls?: { key: string; cert: string; ca: string } | undefined;
  /** Longest silence of a connection, milliseconds. Default 60,000 */
  idleMs?: number | undefined;
}

export interface StoreExpectation {
  /** Resolves with the instance when it arrives. */
  received: Promise<ReceivedInstance>;
  /** Stops expecting; `received` then never settles. */
  cancel(): void;
}

export interface Listener {
  aet: string;
  port: number;
  host: string;
  /** From now on this one instance may be sent to us. */
  expectStore(sopInstanceUid: string, options?: { maxBytes?: number }): StoreExpectation;
  close(): Promise<void>;
}

export class ListenerFailedError extends PhotodockError {
  constructor(cause: NodeJS.ErrnoException) {
    super(
      'listener-failed',
      `cannot listen for the archive: ${cause.code ?? 'unknown'}`,
      { reason: cause.code ?? null },
      { cause },
    );
  }
}

/** What a station sends, and so may want back: VL Photographic, Dermoscopic Photography, Video Photographic. */
export const DEFAULT_STORAGE = {
  sopClassUids: [
    '1.2.840.10008.5.1.4.1.1.77.1.4',
    '1.2.840.10008.5.1.4.1.1.77.1.7',
    '1.2.840.10008.5.1.4.1.1.77.1.4.1',
  ],
  /** In order of preference: an archive shall send what it holds, not what it could make of it. */
  transferSyntaxUids: [
    '1.2.840.10008.1.2.4.50',
    '1.2.840.10008.1.2.4.102',
    '1.2.840.10008.1.2.4.103',
    EXPLICIT_LITTLE_ENDIAN,
  ],
} as const;

const MAX_CONNECTIONS = 32;
const SMALL_MESSAGE_BYTES = 4 * 1024 * 1024;
const DEFAULT_INSTANCE_BYTES = 1024 * 1024 * 1024;
const NOT_AUTHORIZED = 0x0124;

interface Expected {
  maxBytes: number;
  resolve: (instance: ReceivedInstance) => void;
}

/**
 * The station's own ear: C-ECHO, storage commitment reports, and C-STORE of exactly those instances that somebody here
 * is reading back at that moment. Calling and called AE titles are checked, lengths are capped before anything is parsed.
 */
export async function createListener(options: ListenerOptions): Promise<Listener> {
  checkAeTitle(options.aet);
  options.allowedCallingAets.forEach(checkAeTitle);
  const host = options.host ?? '127.0.0.1';
  const expected = new Map<string, Set<Expected>>();
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
    if (sockets.size >= MAX_CONNECTIONS || !isAllowedHost(options.allowedHosts, socket.remoteAddress))
      return void socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, options, expected);
    // after the network layer, which sets a time of its own
    socket.setTimeout(options.idleMs ?? 60_000, () => socket.destroy());
  };
  const server: Server = options.tls
    ? createTlsServer({ ...options.tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' }, onSocket)
    : createTcpServer(onSocket);
  // a failed handshake concerns that peer alone
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new ListenerFailedError(error)));
    server.listen({ port: options.port, host }, resolve);
  });
  const address = server.address();
  return {
    aet: options.aet,
    host,
    port: address && typeof address === 'object' ? address.port : options.port,
    expectStore: (sopInstanceUid, { maxBytes = DEFAULT_INSTANCE_BYTES } = {}) => {
      let entry!: Expected;
      const received = new Promise<ReceivedInstance>((resolve) => (entry = { maxBytes, resolve }));
      const waiting = expected.get(sopInstanceUid) ?? new Set();
      expected.set(sopInstanceUid, waiting.add(entry));
      return {
        received,
        cancel: () => {
          waiting.delete(entry);
          if (waiting.size === 0 && expected.get(sopInstanceUid) === waiting) expected.delete(sopInstanceUid);
        },
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(socket: Socket, options: ListenerOptions, expected: Map<string, Set<Expected>>): void {
  let callingAet = '';
  // requests are answered one after the other, in order
  let queue: Promise<void> = Promise.resolve();
  const network = new MessageNetwork(
    socket,
    {
      onMessage: (message) => {
        queue = queue
          .then(async () => {
            const status = await statusFor(message, callingAet, options, expected);
            await network.send(message.contextId, answerTo(message.command, status));
          })
          .catch(() => network.abortNow());
      },
      onBroken: () => undefined,
    },
    SMALL_MESSAGE_BYTES,
  );
  network.on('associationRequested', () => {
    const association = network.association;
    if (!association || callingAet) return network.abortNow();
    const calling = association.getCallingAeTitle();
    // source 1 is the service user; reasons 7 and 3: called, calling AE title not recognized
    if (association.getCalledAeTitle() !== options.aet) return reject(network, 7);
    if (!options.allowedCallingAets.includes(calling)) return reject(network, 3);
    callingAet = calling;
    const largest = Math.max(0, ...[...expected.values()].flatMap((all) => [...all].map((one) => one.maxBytes)));
    network.maxMessageBytes = Math.max(SMALL_MESSAGE_BYTES, largest);
    for (const { context } of association.getPresentationContexts()) decide(context, options, expected.size > 0);
    network.accept();
  });
  network.on('associationReleaseRequested', () => {
    // after the answers that are still being worked on
    void queue.then(() => {
      if (socket.destroyed) return;
      network.sendAssociationReleaseResponse();
      socket.destroySoon();
    });
  });
  network.on('abort', () => socket.destroy());
}

function reject(network: MessageNetwork, reason: number): void {
  network.sendAssociationReject(1, 1, reason);
  network.socket.destroySoon();
}

function decide(context: NegotiatedContext, options: ListenerOptions, expectsStorage: boolean): void {
  const sopClassUid = context.getAbstractSyntaxUid();
  const storage = options.storage ?? DEFAULT_STORAGE;
  const isStorage = expectsStorage && (storage.sopClassUids as readonly string[]).includes(sopClassUid);
  if (!isStorage && sopClassUid !== VERIFICATION && sopClassUid !== STORAGE_COMMITMENT) return context.setResult(3);
  const wanted = isStorage ? storage.transferSyntaxUids : [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN];
  const chosen = wanted.find((uid) => context.getTransferSyntaxUids().includes(uid));
  if (chosen === undefined) context.setResult(4);
  else context.setResult(0, chosen);
}

async function statusFor(
  message: IncomingMessage,
  callingAet: string,
  options: ListenerOptions,
  expected: Map<string, Set<Expected>>,
): Promise<number> {
  switch (message.command.field) {
    case COMMAND.echo:
      return 0x0000;
    case COMMAND.eventReport:
      return answerCommitmentReport(message, callingAet, options.onCommitmentReport);
    case COMMAND.store:
      return takeBack(message, expected);
    default:
      return 0x0211;
  }
}

function takeBack(message: IncomingMessage, expected: Map<string, Set<Expected>>): number {
  const { command, dataset, sopClassUid, transferSyntaxUid } = message;
  const sopInstanceUid = command.affectedSopInstanceUid;
  const waiting = sopInstanceUid === undefined ? undefined : expected.get(sopInstanceUid);
  if (!dataset || !sopInstanceUid || !waiting) return NOT_AUTHORIZED;
  const takers = [...waiting].filter((one) => one.maxBytes >= dataset.length);
  if (takers.length === 0) return NOT_AUTHORIZED;
  for (const one of takers) one.resolve({ sopClassUid, sopInstanceUid, transferSyntaxUid, dataset });
  return 0x0000;
}

function isAllowedHost(allowed: readonly string[] | undefined, address: string | undefined): boolean {
  if (!allowed) return true;
  return address !== undefined && allowed.includes(address.replace(/^::ffff:/, ''));
}
