import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { HostileScenarioName } from './hostile-scenarios.ts';
import { removeFolder, run, tempFolder } from './server-process.ts';

/** A TLS line to an archive that can be cut, slowed, silenced and lied on. */
export interface HostileLine {
  readonly port: number;
  /** PEM file of the authority that a station trusts. */
  readonly ca: string;
  /** From now on the line fails as this scenario says; connections that stand are cut off. */
  become(scenario: HostileScenarioName): Promise<void>;
  /** Ends every connection: what a process that dies does. */
  cut(): void;
  /** Ends every connection once, when this many more bytes have come through in either direction. */
  cutAfter(bytes: number): void;
  close(): Promise<void>;
}

const CERTIFICATES = ['good', 'certificate-expired', 'certificate-self-signed', 'certificate-wrong-name'] as const;
const A_ABORT = Buffer.from([7, 0, 0, 0, 0, 4, 0, 0, 2, 0]);
const PDU = { data: 4, releaseRequest: 5 } as const;
/** At which PDU of the station an A-ABORT comes, counted from one. */
const ABORTS_AT: Partial<Record<HostileScenarioName, number>> = {
  'aborts-association': 1,
  'aborts-command': 2,
};

/** Opens a line on loopback, TLS outside, plain to `target`. */
export async function openHostileLine(target: number): Promise<HostileLine> {
  const folder = await tempFolder('line');
  const certificates = await makeCertificates(folder);
  const sockets = new Set<net.Socket>();
  let scenario: HostileScenarioName = 'honest';
  let bytesLeft = Number.POSITIVE_INFINITY;
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const secure = createTlsServer(certificates.good, (near) => {
    keep(near);
    if (scenario === 'silent') {
      near.resume();
      return;
    }
    const far = net.connect({ port: target, host: '127.0.0.1' });
    keep(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.end());
    const count = (chunk: Buffer) => {
      bytesLeft -= chunk.length;
      if (bytesLeft > 0) return;
      bytesLeft = Number.POSITIVE_INFINITY;
      cut();
    };
    join(near, far, scenario);
    near.on('data', count);
    far.on('data', count);
  });
  secure.on('tlsClientError', () => undefined);
  const server = net.createServer((socket) => {
    keep(socket);
    if (scenario === 'speaks-plain') socket.end('HTTP/1.0 400 Bad Request\r\n\r\n');
    else secure.emit('connection', socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    port,
    ca: path.join(folder, 'ca.pem'),
    cut,
    cutAfter: (bytes) => void (bytesLeft = bytes),
    async become(name) {
      scenario = name;
      bytesLeft = Number.POSITIVE_INFINITY;
      secure.setSecureContext(
        name in certificates ? certificates[name as keyof typeof certificates] : certificates.good,
      );
      if (name === 'gone') server.close();
      else if (!server.listening) {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
      }
      cut();
    },
    async close() {
      if (server.listening) server.close();
      cut();
      await removeFolder(folder);
    },
  };
}

function join(near: net.Socket, far: net.Socket, scenario: HostileScenarioName): void {
  if (scenario === 'trickles' || scenario === 'slow') void trickle(far, near, scenario);
  else far.pipe(near);
  if (scenario === 'speaks-http') {
    near
      .resume()
      .once('data', () => near.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<p>Bad request'));
  } else if (scenario === 'cuts-request') {
    cutAfter(near, far, 4096);
  } else if (/^aborts-(association|command|data|release)$/.test(scenario) || scenario === 'endless-pdus') {
    watchPdus(near, far, scenario);
  } else near.pipe(far);
}

/** Passes bytes on in small pieces: one by one and so slowly that nothing ever gets through, or only slowly. */
async function trickle(from: net.Socket, to: net.Socket, scenario: HostileScenarioName): Promise<void> {
  const [size, pauseMs] = scenario === 'trickles' ? [1, 300] : [4096, 5];
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length && !to.destroyed; at += size) {
        to.write(chunk.subarray(at, at + size));
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  } catch {
    // cut
  }
}

/** Lets small requests through and ends a large one in its middle. */
function cutAfter(near: net.Socket, far: net.Socket, bytes: number): void {
  let passed = 0;
  near.on('data', (chunk: Buffer) => {
    passed = chunk.indexOf('POST ') === 0 || passed > 0 ? passed + chunk.length : 0;
    if (passed <= bytes) far.write(chunk);
    else {
      near.destroy();
      far.destroy();
    }
  });
}

/** Passes the station's PDUs on one by one, until the scenario says stop. */
function watchPdus(near: net.Socket, far: net.Socket, scenario: HostileScenarioName): void {
  let pending: Buffer = Buffer.alloc(0);
  let count = 0;
  let over = false;
  const abort = () => {
    over = true;
    near.end(A_ABORT);
    far.destroy();
  };
  near.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (!over && pending.length >= 6) {
      const length = 6 + pending.readUInt32BE(2);
      if (pending.length < length) return;
      const pdu = pending.subarray(0, length);
      pending = pending.subarray(length);
      count += 1;
      const type = pdu[0];
      if (count === ABORTS_AT[scenario]) return abort();
      // The control byte of its first fragment says whether it is of a command; small data sets come as one PDU.
      if (scenario === 'aborts-data' && type === PDU.data && length > 4096) return abort();
      if (scenario === 'aborts-release' && type === PDU.releaseRequest) return abort();
      if (scenario === 'endless-pdus' && type === PDU.data) {
        over = true;
        return endlessPdus(near);
      }
      far.write(pdu);
    }
  });
}

/** Fragments of a command of which none is the last. */
function endlessPdus(near: net.Socket): void {
  const pdu = Buffer.alloc(16 * 1024);
  pdu.writeUInt8(PDU.data, 0);
  pdu.writeUInt32BE(pdu.length - 6, 2);
  pdu.writeUInt32BE(pdu.length - 10, 6);
  pdu.writeUInt8(1, 10);
  pdu.writeUInt8(1, 11);
  const more = () => {
    while (!near.destroyed && near.write(pdu));
  };
  near.on('drain', more);
  more();
}

type Certificate = { readonly cert: string; readonly key: string };

/** An authority and four certificates, by openssl: one to be trusted and three not. */
async function makeCertificates(folder: string): Promise<Record<(typeof CERTIFICATES)[number], Certificate>> {
  const openssl = async (...args: string[]): Promise<void> => {
    const { code, output } = await run('openssl', args, { cwd: folder });
    if (code !== 0) throw new Error(output);
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=archive'];
  await openssl('req', '-x509', ...key, '-days', '2', '-keyout', 'ca.key', '-out', 'ca.pem');
  const made: [string, Certificate][] = [];
  for (const name of CERTIFICATES) {
    const host = name === 'certificate-wrong-name' ? 'DNS:other.example' : 'IP:127.0.0.1';
    const days = name === 'certificate-expired' ? '-1' : '2';
    const named = [...key, '-addext', `subjectAltName=${host}`, '-keyout', `${name}.key`];
    if (name === 'certificate-self-signed') {
      await openssl('req', '-x509', ...named, '-days', days, '-out', `${name}.pem`);
    } else {
      await openssl('req', ...named, '-out', `${name}.csr`);
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days];
      await openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-copy_extensions', 'copy', '-out', `${name}.pem`);
    }
    const pem = (file: string) => readFile(path.join(folder, `${name}.${file}`), 'utf8');
    made.push([name, { cert: await pem('pem'), key: await pem('key') }]);
  }
  return Object.fromEntries(made) as Record<(typeof CERTIFICATES)[number], Certificate>;
}
