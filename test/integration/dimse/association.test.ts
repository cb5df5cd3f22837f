import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  COMMAND,
  createStoreSender,
  echo,
  openAssociation,
  storeInstance,
} from '../../../main/station/archive/dimse/index.ts';
import { startStorescp } from '../../support/dcmtk.ts';
import { reply, startFakeArchive } from '../../support/fake-archive.ts';
import type { FakeAnswer } from '../../support/fake-archive.ts';
import { instanceFile } from '../../support/instance-file.ts';
import { freePort } from '../../support/server-process.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});
const peerAt = (server: { port: number; aet?: string }) => ({
  host: '127.0.0.1',
  port: server.port,
  calledAet: server.aet ?? 'ARCHIVE',
  callingAet: 'IMGST',
});
const fake = async (answer: FakeAnswer) => {
  const archive = await startFakeArchive(answer);
  cleanUps.push(() => archive.stop());
  return archive;
};
const storescp = async (...flags: string[]) => {
  const server = await startStorescp(flags);
  cleanUps.push(() => server.stop());
  return server;
};
/** A TCP server that is no DICOM peer. */
const plainServer = async (onSocket: (socket: Socket) => void) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => (sockets.push(socket.on('error', () => undefined)), onSocket(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return { port: address && typeof address === 'object' ? address.port : 0 };
};

// The library would need its 60 s PDU timeout for several of these; a test that takes more than 10 s has failed.
describe('a peer that does not do what it should', { timeout: 10_000 }, () => {
  it('trap 1 and 2: takes no JPEG: says so, sends nothing, transcodes nothing', async () => {
    const server = await storescp();
    const error = await storeInstance(peerAt(server), instanceFile()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'context-not-accepted' });
    expect(await server.received()).toEqual([]);
  });

  it('trap 2: an accepted uncompressed context is never used for a JPEG', async () => {
    const server = await storescp();
    const instance = instanceFile();
    const context = { sopClassUid: instance.sopClassUid, transferSyntaxUids: [instance.transferSyntaxUid] };
    const association = await openAssociation(peerAt(server), [
      { ...context, transferSyntaxUids: ['1.2.840.10008.1.2.1'] },
      context,
    ]);
    expect(association.accepted).toHaveLength(1);
    const command = {
      field: COMMAND.store,
      affectedSopClassUid: instance.sopClassUid,
      affectedSopInstanceUid: instance.sopInstanceUid,
    };
    await expect(association.perform({ context, command, dataset: () => instance.bytes })).rejects.toMatchObject({
      code: 'context-not-accepted',
    });
    await association.release();
    expect(await server.received()).toEqual([]);
  });

  it('trap 3: aborts after it has the instance', async () => {
    const server = await storescp('+xa', '--abort-after');
    await expect(storeInstance(peerAt(server), instanceFile())).rejects.toMatchObject({ code: 'association-aborted' });
  });

  it('trap 3: aborts while it gets the instance', async () => {
    const server = await storescp('+xa', '--abort-during');
    await expect(storeInstance(peerAt(server), instanceFile(5_000_000))).rejects.toMatchObject({
      code: 'association-aborted',
    });
  });

  it('rejects the association', async () => {
    const server = await storescp('--refuse');
    await expect(echo(peerAt(server))).rejects.toMatchObject({ code: 'association-rejected' });
  });

  it('is down', async () => {
    await expect(echo(peerAt({ port: await freePort() }))).rejects.toMatchObject({
      code: 'peer-unreachable',
      details: { reason: 'ECONNREFUSED' },
    });
    await expect(echo({ ...peerAt({ port: 104 }), host: 'no-such-host.invalid' })).rejects.toMatchObject({
      code: 'peer-unreachable',
    });
  });

  it('accepts the connection and stays silent', async () => {
    const server = await plainServer(() => undefined);
    const timeouts = { associationMs: 100 };
    await expect(echo(peerAt(server), { timeouts })).rejects.toMatchObject({
      code: 'peer-timeout',
      details: { phase: 'association' },
    });
  });

  it('talks something else', async () => {
    const server = await plainServer((socket) => socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
    await expect(echo(peerAt(server))).rejects.toMatchObject({ code: 'association-aborted' });
  });

  it('hangs up before it answers the association', async () => {
    const server = await plainServer((socket) => socket.once('data', () => socket.end()));
    await expect(echo(peerAt(server))).rejects.toMatchObject({ code: 'association-aborted' });
  });

  it('takes the instance and never answers', async () => {
    const archive = await fake(() => undefined);
    const timeouts = { idleMs: 100 };
    await expect(storeInstance(peerAt(archive), instanceFile(), { timeouts })).rejects.toMatchObject({
      code: 'peer-timeout',
      details: { phase: 'response' },
    });
    expect(archive.messages).toHaveLength(1);
  });

  it('stops reading in the middle of a big instance', async () => {
    const archive = await fake(() => undefined);
    const peer = peerAt(archive);
    const server = await plainServer((socket) => {
      const upstream = connect({ port: archive.port, host: '127.0.0.1' });
      cleanUps.push(async () => void upstream.destroy());
      upstream.on('error', () => undefined).pipe(socket);
      // the association request passes, then nothing is taken any more
      socket.once('data', (chunk) => (upstream.write(chunk), socket.pause()));
    });
    const timeouts = { idleMs: 200 };
    await expect(
      storeInstance({ ...peer, port: server.port }, instanceFile(20_000_000), { timeouts }),
    ).rejects.toMatchObject({ code: 'peer-timeout' });
  });

  it('takes the instance and breaks the connection', async () => {
    const archive = await fake((_message, _network, socket) => void socket.destroy());
    await expect(storeInstance(peerAt(archive), instanceFile())).rejects.toMatchObject({ code: 'association-aborted' });
  });

  it('takes the instance and releases without an answer', async () => {
    const archive = await fake((_message, network) => network.sendAssociationReleaseRequest());
    await expect(storeInstance(peerAt(archive), instanceFile())).rejects.toMatchObject({ code: 'no-response' });
  });

  it('answers another request than the one that was sent', async () => {
    const archive = await fake(async (message, network) => {
      const other = { ...message, command: { ...message.command, messageId: 4711 } };
      await reply(other, network, 0x0000);
      network.sendAssociationReleaseRequest();
    });
    await expect(storeInstance(peerAt(archive), instanceFile())).rejects.toMatchObject({ code: 'no-response' });
  });

  it('does not listen to us: the caller can stop waiting', async () => {
    const controller = new AbortController();
    const archive = await fake(() => controller.abort(new Error('stopped by the caller')));
    await expect(storeInstance(peerAt(archive), instanceFile(), { signal: controller.signal })).rejects.toThrow(
      'stopped by the caller',
    );
    await expect(storeInstance(peerAt(archive), instanceFile(), { signal: controller.signal })).rejects.toThrow(
      'stopped by the caller',
    );
  });
});

describe('several instances on one association', { timeout: 20_000 }, () => {
  it('trap 6: every answer belongs to its own instance', async () => {
    const statuses = [0xa700, 0x0000, 0xb000, 0x0000, 0xc000];
    const archive = await fake((message, network) =>
      reply(message, network, statuses[archive.messages.length - 1] ?? 0),
    );
    const sender = createStoreSender(peerAt(archive));
    const results = await Promise.all(statuses.map(() => sender.store(instanceFile())));
    await sender.close();
    expect(results.map((result) => result.outcome)).toEqual(['refused', 'stored', 'warning', 'stored', 'refused']);
    expect(archive.associations()).toBe(1);
  });

  it('trap 7: a sent instance is not kept in memory', async () => {
    const { setFlagsFromString } = await import('node:v8');
    const { runInNewContext } = await import('node:vm');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const archive = await fake((message, network) => (archive.messages.splice(0), reply(message, network, 0)));
    const sender = createStoreSender(peerAt(archive));
    const sent: WeakRef<ArrayBufferLike>[] = [];
    for (let at = 0; at < 4; at++) {
      const instance = instanceFile(3_000_000);
      sent.push(new WeakRef(instance.bytes.buffer));
      await sender.store(instance);
    }
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    // the last one may still be in a register of this very loop
    expect(sent.slice(0, -1).filter((one) => one.deref() !== undefined)).toHaveLength(0);
    await sender.close();
  });

  it('an association the archive closed meanwhile is replaced', async () => {
    let closed = 0;
    const archive = await fake(async (message, network, socket) => {
      socket.once('close', () => closed++);
      await reply(message, network, 0);
      socket.end();
    });
    const sender = createStoreSender(peerAt(archive));
    for (let at = 1; at <= 3; at++) {
      expect((await sender.store(instanceFile())).outcome).toBe('stored');
      await expect.poll(() => closed).toBe(at);
    }
    await sender.close();
    expect(archive.associations()).toBe(3);
  });

  it('after a failure the next instance gets a new association', async () => {
    const archive = await fake((message, network, socket) => {
      if (archive.messages.length === 1) return void socket.destroy();
      return reply(message, network, 0);
    });
    const sender = createStoreSender(peerAt(archive));
    await expect(sender.store(instanceFile())).rejects.toMatchObject({ code: 'association-aborted' });
    expect((await sender.store(instanceFile())).outcome).toBe('stored');
    await sender.close();
  });
});

describe('what arrives', { timeout: 20_000 }, () => {
  it('is the data set byte for byte, private elements and all', async () => {
    const server = await storescp('+xa', '+B');
    const instance = instanceFile(1_234_567);
    expect(await storeInstance(peerAt(server), instance)).toEqual({ status: 0, outcome: 'stored' });
    const [received] = await server.received();
    expect(received?.subarray(-1_234_000).equals(instance.bytes.subarray(-1_234_000))).toBe(true);
    expect(received?.includes('private value')).toBe(true);
  });
});
