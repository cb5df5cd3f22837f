import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { DatasetFormatError } from './dataset-reader.ts';
import { referenceJson, toDicomJson } from './dicom-json.ts';
import { archiveStatus, type InstanceStore, type StoredReference } from './instance-store.ts';
import { splitMultipart } from './multipart.ts';
import { frameOf, instanceFromPart10, toPart10, type ArchivedInstance } from './part10.ts';

/** What an archive does when it is spoken to over the web, after a request was read and before the store is asked. */
export interface WebInterception {
  /** Answers the request itself and returns true, or returns false. The body is the whole body of a POST. */
  (request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<boolean> | boolean;
}

export interface RunningWeb {
  readonly port: number;
  readonly dicomWebUrl: string;
  stop(): Promise<void>;
}

const root = '/dicom-web';
const largestBody = 1024 * 1024 * 1024;
const jpegBaseline = '1.2.840.10008.1.2.4.50';

/** A small DICOMweb archive (STOW, WADO, QIDO, storage commitment) on loopback only. Port 0 takes a free one. */
export async function startWeb(port: number, store: InstanceStore, intercept?: WebInterception): Promise<RunningWeb> {
  const server = createServer((request, response) => {
    serve(request, response, store, intercept).catch(() => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return { port: actual, dicomWebUrl: `http://127.0.0.1:${actual}${root}`, stop: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  store: InstanceStore,
  intercept: WebInterception | undefined,
): Promise<void> {
  // A web page must not reach the archive by a name that resolves to this machine.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return reply(response, 403);
  const body = await readBody(request);
  if (body === null) return reply(response, 413);
  if (intercept !== undefined && (await intercept(request, response, body))) return;
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (!url.pathname.startsWith(`${root}/`)) return reply(response, 404);
  const path = url.pathname.slice(root.length + 1).split('/');
  if (path[0] === 'commitment-requests' && path.length === 2) return commit(request, response, body, store);
  if (request.method === 'POST') {
    const stow = path[0] === 'studies' && path.length <= 2;
    return stow ? storeInstances(request, response, body, path[1] ?? null, store) : reply(response, 404);
  }
  if (request.method !== 'GET') return reply(response, 405);
  return retrieve(response, path, url.searchParams, store);
}

/** Answers a STOW request as PS3.18 10.5.3 says: 200, 202 for some, 409 for none. */
async function storeInstances(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  studyUid: string | null,
  store: InstanceStore,
): Promise<void> {
  const parts = splitMultipart(request.headers['content-type'] ?? '', body);
  if (parts === null) return reply(response, 400);
  const stored: object[] = [];
  const failed: object[] = [];
  let unreadable = 0;
  for (const part of parts) {
    try {
      const instance = instanceFromPart10(part);
      const status = studyUid !== null && studyUid !== instance.studyUid ? 0x0110 : await store.put(instance);
      if (status === 0 || status >>> 12 === 0xb)
        stored.push(referenceJson(instance, status === 0 ? {} : { warning: status }));
      else failed.push(referenceJson(instance, { failure: status }));
    } catch (error) {
      if (!(error instanceof DatasetFormatError)) throw error;
      unreadable += 1;
    }
  }
  const failures = failed.length + unreadable > 0;
  replyJson(response, failures ? (stored.length > 0 ? 202 : failed.length > 0 ? 409 : 400) : 200, {
    ...(stored.length === 0 ? {} : { '00081199': { vr: 'SQ', Value: stored } }),
    ...(failed.length === 0 ? {} : { '00081198': { vr: 'SQ', Value: failed } }),
  });
}

async function retrieve(
  response: ServerResponse,
  path: string[],
  query: URLSearchParams,
  store: InstanceStore,
): Promise<void> {
  const [studies, study, series, seriesUid, instances, uid, last, frame] = path;
  if (studies !== 'studies' || (series !== undefined && !['series', 'instances', 'metadata'].includes(series))) {
    return reply(response, 404);
  }
  if (instances === 'instances' && uid !== undefined) {
    const instance = await store.get(uid);
    if (instance === null || instance.studyUid !== study || instance.seriesUid !== seriesUid)
      return reply(response, 404);
    if (last === undefined)
      return replyPart(response, `application/dicom; transfer-syntax=${instance.transferSyntax}`, toPart10(instance));
    if (last === 'metadata') return replyJson(response, 200, [toDicomJson(instance)]);
    return last === 'frames' && frame === '1' ? replyFrame(response, instance) : reply(response, 404);
  }
  const chosen = (await store.list()).filter(
    (one) =>
      (study === undefined || one.studyUid === study) &&
      (series !== 'series' || seriesUid === undefined || one.seriesUid === seriesUid) &&
      matches(query, 'StudyInstanceUID', one.studyUid) &&
      matches(query, 'SeriesInstanceUID', one.seriesUid) &&
      matches(query, 'SOPInstanceUID', one.sopInstanceUid),
  );
  if (path.at(-1) === 'metadata') return replyMetadata(response, chosen, store);
  const level = path.includes('instances') ? 'sopInstanceUid' : series === 'series' ? 'seriesUid' : 'studyUid';
  const firsts = [...new Map(chosen.map((one) => [one[level], one])).values()].slice(
    0,
    Number(query.get('limit') ?? 1000),
  );
  return replyMetadata(response, firsts, store);
}

async function replyMetadata(response: ServerResponse, chosen: StoredReference[], store: InstanceStore): Promise<void> {
  const found = await Promise.all(chosen.map((one) => store.get(one.sopInstanceUid)));
  replyJson(response, 200, found.filter((one) => one !== null).map(toDicomJson));
}

/** Storage commitment over the web (PS3.18 13.4), answered at once. */
async function commit(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  store: InstanceStore,
): Promise<void> {
  if (request.method !== 'POST') return reply(response, 404);
  const asked = JSON.parse(body.toString('utf8')) as {
    '00081199'?: { Value?: Record<string, { Value?: string[] }>[] };
  };
  const committed: object[] = [];
  const failed: object[] = [];
  for (const item of asked['00081199']?.Value ?? []) {
    const reference = {
      sopClassUid: item['00081150']?.Value?.[0] ?? '',
      sopInstanceUid: item['00081155']?.Value?.[0] ?? '',
    };
    const held = await store.get(reference.sopInstanceUid);
    if (held === null) failed.push(referenceJson(reference, { failure: archiveStatus.noSuchInstance }));
    else if (held.sopClassUid !== reference.sopClassUid)
      failed.push(referenceJson(reference, { failure: archiveStatus.classConflict }));
    else committed.push(referenceJson(reference, {}));
  }
  replyJson(response, 200, {
    ...(committed.length === 0 ? {} : { '00081199': { vr: 'SQ', Value: committed } }),
    ...(failed.length === 0 ? {} : { '00081198': { vr: 'SQ', Value: failed } }),
  });
}

function replyFrame(response: ServerResponse, instance: ArchivedInstance): void {
  const frame = frameOf(instance);
  if (frame === null || instance.transferSyntax !== jpegBaseline) return reply(response, 406);
  replyPart(response, `image/jpeg; transfer-syntax=${jpegBaseline}`, frame);
}

function matches(query: URLSearchParams, keyword: string, value: string): boolean {
  const asked = query.get(keyword);
  return asked === null || asked === value;
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function reply(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Length': 0 }).end();
}

function replyJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'Content-Type': 'application/dicom+json' }).end(JSON.stringify(value));
}

function replyPart(response: ServerResponse, contentType: string, bytes: Buffer): void {
  const boundary = randomUUID();
  const head = Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes.length}\r\n\r\n`);
  const type = contentType.split(';', 1)[0];
  response.writeHead(200, { 'Content-Type': `multipart/related; type="${type}"; boundary=${boundary}` });
  response.end(Buffer.concat([head, bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]));
}
