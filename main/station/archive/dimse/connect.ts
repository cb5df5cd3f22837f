import { isIP, connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { errorCode } from '../../../../shared/domain/errors.ts';
import { abortReason, PeerTlsError, PeerUnreachableError } from './errors.ts';
import type { Peer, PeerTls } from './peer.ts';

/** Opens TCP, or TLS where the peer has it. Always verifies the peer's certificate. */
export function connectPeer(peer: Peer, withinMs: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortReason(signal));
    let connected = false;
    const socket: Socket = peer.tls
      ? connectTls(tlsOptions(peer, peer.tls))
      : connectTcp({ host: peer.host, port: peer.port });
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      if (error === undefined) return resolve(socket);
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => finish(abortReason(signal));
    const onError = (error: Error): void => {
      const code = errorCode(error);
      finish(connected ? new PeerTlsError(code, error) : new PeerUnreachableError(code, error));
    };
    const timer = setTimeout(() => {
      finish(connected ? new PeerTlsError('timeout') : new PeerUnreachableError('timeout'));
    }, withinMs);
    signal?.addEventListener('abort', onAbort);
    socket.once('error', onError);
    socket.once('connect', () => {
      connected = true;
      socket.setNoDelay(true);
      if (!peer.tls) finish();
    });
    socket.once('secureConnect', () => {
      const pin = peer.tls?.fingerprint256;
      if (pin && !samePin(pin, (socket as TLSSocket).getPeerCertificate().fingerprint256))
        return finish(new PeerTlsError('certificate-not-pinned'));
      finish();
    });
  });
}

function tlsOptions(peer: Peer, tls: PeerTls): ConnectionOptions {
  const name = tls.serverName ?? peer.host;
  return {
    host: peer.host,
    port: peer.port,
    minVersion: tls.minVersion ?? 'TLSv1.2',
    rejectUnauthorized: true,
    ...(isIP(name) ? {} : { servername: name }),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.passphrase === undefined ? {} : { passphrase: tls.passphrase }),
  };
}

function samePin(pin: string, fingerprint: string | undefined): boolean {
  const plain = (text: string): string => text.replaceAll(':', '').toLowerCase();
  return fingerprint !== undefined && plain(pin) === plain(fingerprint);
}
