import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { answerTo } from '../../main/station/archive/dimse/command.ts';
import { MessageNetwork } from '../../main/station/archive/dimse/network.ts';
import type { IncomingMessage } from '../../main/station/archive/dimse/network.ts';

export interface FakeArchive {
  host: string;
  port: number;
  /** Every message that arrived whole. */
  messages: IncomingMessage[];
  associations(): number;
  stop(): Promise<void>;
}

export type FakeAnswer = (message: IncomingMessage, network: MessageNetwork, socket: Socket) => Promise<void> | void;

/** Answers a message with a status. */
export async function reply(message: IncomingMessage, network: MessageNetwork, status: number): Promise<void> {
  await network.send(message.contextId, answerTo(message.command, status));
}

/** An archive that accepts every context and then does exactly what a test says: lie, stay silent, hang up. */
export async function startFakeArchive(answer: FakeAnswer): Promise<FakeArchive> {
  const messages: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  let associations = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    const onMessage = (message: IncomingMessage): void => {
      messages.push(message);
      void Promise.resolve(answer(message, network, socket)).catch(() => socket.destroy());
    };
    const network = new MessageNetwork(socket, { onMessage, onBroken: () => undefined }, 64 * 1024 * 1024);
    network.on('associationRequested', () => {
      associations++;
      for (const { context } of network.association?.getPresentationContexts() ?? [])
        context.setResult(0, context.getTransferSyntaxUids()[0]);
      network.accept();
    });
    network.on('associationReleaseRequested', () => {
      network.sendAssociationReleaseResponse();
      socket.destroySoon();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    host: '127.0.0.1',
    port: address && typeof address === 'object' ? address.port : 0,
    messages,
    associations: () => associations,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
