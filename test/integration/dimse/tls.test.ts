import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListener, echo, storeInstance } from '../../../main/station/archive/dimse/index.ts';
import type { PeerTls } from '../../../main/station/archive/dimse/index.ts';
import { startStorescp } from '../../support/dcmtk.ts';
import type { StoreServer } from '../../support/dcmtk.ts';
import { instanceFile } from '../../support/instance-file.ts';
import { removeFolder, run, tempFolder } from '../../support/server-process.ts';

let folder: string;
let server: StoreServer;
const pem = (name: string) => readFile(join(folder, name), 'utf8');

/** A certificate authority and certificates of it, by openssl. */
async function makeCertificates(): Promise<void> {
  const openssl = async (...args: string[]): Promise<void> => {
    const { code, output } = await run('openssl', args, { cwd: folder });
    if (code !== 0) throw new Error(output);
  };
  for (const ca of ['ca', 'other-ca'])
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${ca}`,
      '-keyout',
      `${ca}.key`,
      '-out',
      `${ca}.pem`,
    );
  for (const [name, ca] of [
    ['archive', 'ca'],
    ['station', 'ca'],
    ['stranger', 'other-ca'],
  ] as const) {
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${ca}.pem`,
      '-CAkey',
      `${ca}.key`,
      '-CAcreateserial',
      '-days',
      '2',
      '-copy_extensions',
      'copy',
      '-out',
      `${name}.pem`,
    );
  }
}

beforeAll(async () => {
  folder = await tempFolder('tls');
  await makeCertificates();
  server = await startStorescp([
    '+xa',
    '+tls',
    join(folder, 'archive.key'),
    join(folder, 'archive.pem'),
    '+cf',
    join(folder, 'ca.pem'),
  ]);
});
afterAll(async () => {
  await server?.stop();
  await removeFolder(folder);
});

const peer = (tls?: PeerTls) => ({
  host: '127.0.0.1',
  port: server.port,
  calledAet: server.aet,
  callingAet: 'IMGST',
  ...(tls ? { tls } : {}),
});

describe('TLS', { timeout: 20_000 }, () => {
  it('both sides prove themselves', async () => {
    const tls = { ca: await pem('ca.pem'), cert: await pem('station.pem'), key: await pem('station.key') };
    expect(await storeInstance(peer(tls), instanceFile())).toEqual({ status: 0, outcome: 'stored' });
    expect(await server.received()).toHaveLength(1);
    await expect(echo(peer({ ...tls, fingerprint256: 'AA:BB' }))).rejects.toMatchObject({ code: 'peer-tls' });
  });

  it('an archive we do not trust gets not one byte', async () => {
    const tls = { ca: await pem('other-ca.pem'), cert: await pem('station.pem'), key: await pem('station.key') };
    await expect(storeInstance(peer(tls), instanceFile())).rejects.toMatchObject({ code: 'peer-tls' });
    const byDefault = { cert: await pem('station.pem'), key: await pem('station.key') };
    await expect(storeInstance(peer(byDefault), instanceFile())).rejects.toMatchObject({ code: 'peer-tls' });
    const byName = {
      ca: await pem('ca.pem'),
      cert: await pem('station.pem'),
      key: await pem('station.key'),
      serverName: 'archive.example',
    };
    await expect(storeInstance(peer(byName), instanceFile())).rejects.toMatchObject({ code: 'peer-tls' });
  });

  it('without a certificate, or without TLS, the archive refuses and we say so', async () => {
    await expect(storeInstance(peer({ ca: await pem('ca.pem') }), instanceFile())).rejects.toMatchObject({
      code: expect.stringMatching(/^(peer-tls|association-aborted)$/) as string,
    });
    await expect(storeInstance(peer(), instanceFile())).rejects.toMatchObject({
      code: expect.stringMatching(/^(association-aborted|peer-timeout)$/) as string,
    });
    const received = await server.received();
    expect(received).toHaveLength(1);
  });

  it('our listener asks for a certificate too', async () => {
    const listener = await createListener({
      aet: 'IMGST',
      port: 0,
      allowedCallingAets: ['ARCHIVE'],
      onCommitmentReport: async () => undefined,
      tls: { key: await pem('station.key'), cert: await pem('station.pem'), ca: await pem('ca.pem') },
    });
    const call = (name: string) =>
      run('echoscu', [
        '+tls',
        join(folder, `${name}.key`),
        join(folder, `${name}.pem`),
        '+cf',
        join(folder, 'ca.pem'),
        '-aet',
        'ARCHIVE',
        '-aec',
        'IMGST',
        '127.0.0.1',
        String(listener.port),
      ]);
    expect((await call('archive')).code).toBe(0);
    expect((await call('stranger')).code).not.toBe(0);
    expect(
      (await run('echoscu', ['-aet', 'ARCHIVE', '-aec', 'IMGST', '127.0.0.1', String(listener.port)])).code,
    ).not.toBe(0);
    await listener.close();
  });
});
