import fs from 'node:fs/promises';
import type { StationConfig } from '../config/index.ts';
import { ConfigError, loadHeaders } from '../config/index.ts';
import { dicomWebDestination } from './destination-dicomweb.ts';
import { dimseDestination } from './destination-dimse.ts';
import type { Destination, OnCommitment } from './destination.ts';

type TlsFiles = { ca?: string | undefined; cert?: string | undefined; key?: string | undefined } | undefined;

/** Reads the PEM files that a peer's `tls` names. @throws ConfigError */
export async function loadTls(files: TlsFiles): Promise<{ tls?: { ca?: string; cert?: string; key?: string } }> {
  if (!files) return {};
  const tls: { ca?: string; cert?: string; key?: string } = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const file = files[part];
    if (file === undefined) continue;
    tls[part] = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new ConfigError(file, [`tls.${part}: cannot be read (${error.code ?? 'unknown'})`]);
    });
  }
  return { tls };
}

/** The archive of station.json. @throws ConfigError, ListenerFailedError */
export async function openDestination(config: StationConfig, onCommitment: OnCommitment): Promise<Destination> {
  const { archive, station } = config;
  const idleMs = archive.silenceSeconds * 1000;
  const connectMs = Math.min(10_000, idleMs);
  if (archive.kind === 'dicomweb') {
    return dicomWebDestination({
      name: archive.name,
      peer: {
        baseUrl: archive.baseUrl,
        headers: await loadHeaders(archive.headersFile),
        ...(await loadTls(archive.tls)),
        timeouts: { connectMs, idleMs, totalMs: archive.answerSeconds * 1000 },
      },
      commitment: archive.commitment,
      commitmentTimeoutMs: archive.commitmentTimeoutSeconds * 1000,
      onCommitment,
    });
  }
  const { readBack } = archive;
  return dimseDestination({
    name: archive.name,
    peer: {
      host: archive.host,
      port: archive.port,
      calledAet: archive.calledAet,
      callingAet: station.aet,
      ...(await loadTls(archive.tls)),
      timeouts: {
        connectMs,
        associationMs: Math.min(15_000, idleMs),
        idleMs,
        answerMs: archive.answerSeconds * 1000,
      },
    },
    listen: station.listen ?? null,
    commitment: archive.commitment,
    commitmentTimeoutMs: archive.commitmentTimeoutSeconds * 1000,
    readBack:
      readBack.kind === 'dicomweb'
        ? { kind: 'dicomweb', peer: { baseUrl: readBack.baseUrl, headers: await loadHeaders(readBack.headersFile) } }
        : readBack,
    onCommitment,
  });
}
