import { randomBytes, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { within } from '#durable';
import type { CallName, StationEvent } from '../../../shared/contract.ts';
import { contract } from '../../../shared/contract.ts';
import type { FrameFacts, FrameSealed } from '../../../shared/contract/capture.ts';
import { errorCode, PhotodockError } from '../../../shared/domain/errors.ts';
import type { SignedIn } from '../people/index.ts';
import { may } from '../people/index.ts';
import { answerFrame } from './frame-route.ts';

/** A picture ready to be sent, or why not (HTTP status). */
export type PictureAnswer =
  | { readonly status: 200; readonly mediaType: string; readonly bytes: Uint8Array }
  | { readonly status: 404 | 415 | 423 };

/** What stands behind the door. */
export interface Household {
  /** The signed-in person of a session token. */
  personOf(sessionToken: string | null): SignedIn | null;
  /** Answers a parsed call of somebody who may. @throws PhotodockError */
  answer(name: CallName, input: unknown, person: SignedIn | null, sessionToken: string | null): Promise<unknown>;
  picture(id: string, size: 'thumb' | 'screen' | 'full', signal: AbortSignal): Promise<PictureAnswer>;
  /** Takes in a picture that the window took from a live camera. @throws PhotodockError */
  frame(dockingId: string, facts: FrameFacts, bytes: Uint8Array, person: SignedIn): Promise<FrameSealed>;
  listen(listener: (event: StationEvent) => void): () => void;
  /** A call failed in a way that is nobody's input. */
  onFailure(call: string, code: string): void;
}

export interface Door {
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 4 << 20;
/** sun_path holds 108 bytes on Linux, 104 on macOS. */
const MAX_SOCKET_PATH = 100;

class BadRequestError extends PhotodockError {
  constructor(what: string) {
    super('bad-request', what);
  }
}

/**
 * Opens the one way into the station: HTTP over a Unix socket (a named pipe on Windows) in a folder that only its own
 * user can enter, for clients that show the token of this start.
 */
export async function openDoor(
  dataFolder: string,
  version: string,
  household: Household,
  configSha256: string | null = null,
): Promise<Door> {
  const token = randomBytes(32).toString('base64url');
  const run = path.join(dataFolder, 'run');
  const socket = await socketPath(run);
  const server = http.createServer((request, response) => {
    handle(request, response, token, household).catch(() => response.destroy());
  });
  // A picture or an event stream may take its time; a request's head may not.
  server.requestTimeout = 0;
  // The file of a station that was killed names this very socket with a token that nobody takes any more: it goes first.
  const doorFile = path.join(run, 'door.json');
  await fs.rm(doorFile, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  if (process.platform !== 'win32') await fs.chmod(socket, 0o600);
  const content = JSON.stringify({ pid: process.pid, socket, token, startedAt: Date.now(), version, configSha256 });
  await fs.writeFile(`${doorFile}.part`, content, { mode: 0o600 });
  await fs.rename(`${doorFile}.part`, doorFile);
  return {
    async close() {
      await fs.rm(doorFile, { force: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (process.platform !== 'win32') await fs.rm(socket, { force: true });
    },
  };
}

async function socketPath(run: string): Promise<string> {
  if (process.platform === 'win32') return `\\\\.\\pipe\\photodock-${randomBytes(16).toString('hex')}`;
  const beside = path.join(run, 'door.sock');
  if (Buffer.byteLength(beside) <= MAX_SOCKET_PATH) {
    await fs.rm(beside, { force: true });
    return beside;
  }
  // A deep data folder: the socket lies in a private temporary folder, and door.json says where.
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'photodock-'));
  return path.join(folder, 'door.sock');
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function handle(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  token: string,
  household: Household,
): Promise<void> {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!isSame(given, token)) {
    response.writeHead(401).end();
    return;
  }
  const header = request.headers['x-photodock-session'];
  const sessionToken = typeof header === 'string' && header !== '' ? header : null;
  const address = addressOf(request.url);
  if (address === null) {
    response.writeHead(400).end();
    return;
  }
  const [kind = '', first = '', second = ''] = address;
  if (request.method === 'POST' && kind === 'call') {
    sendJson(response, await answerCall(first, request, household, sessionToken));
  } else if (request.method === 'PUT' && kind === 'frame') {
    sendJson(response, await answerFrame(first, request, household, household.personOf(sessionToken)));
  } else if (request.method === 'GET' && kind === 'events') {
    streamEvents(request, response, household);
  } else if (request.method === 'GET' && kind === 'picture') {
    await sendPicture(request, response, household, sessionToken, first, second);
  } else {
    response.writeHead(404).end();
  }
}

function sendJson(response: http.ServerResponse, answer: unknown): void {
  const body = Buffer.from(JSON.stringify(answer));
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(body);
}

/** The parts of a request's path, decoded; null when they are none. */
function addressOf(url: string | undefined): string[] | null {
  try {
    return new URL(url ?? '/', 'http://door').pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw new BadRequestError('the request is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function inputOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { input?: unknown } | null)?.input ?? {};
  } catch {
    throw new BadRequestError('the request is no JSON');
  }
}

const isCallName = (name: string): name is CallName => Object.hasOwn(contract, name);

/** Parses the input, knows the person, asks `may()`, answers `{ok, value}` or `{ok: false, code}`. Raw input is never echoed. */
async function answerCall(
  name: string,
  request: http.IncomingMessage,
  household: Household,
  sessionToken: string | null,
): Promise<unknown> {
  try {
    const body = await readBody(request);
    if (!isCallName(name)) return { ok: false, code: 'no-such-call' };
    const { action, input, output } = contract[name];
    const person = household.personOf(sessionToken);
    if (action !== 'open' && !person) return { ok: false, code: 'not-signed-in' };
    if (person && action !== 'open' && action !== 'signed-in' && !may(person, action)) {
      return { ok: false, code: 'not-allowed', details: { action, role: person.role } };
    }
    const parsed = input.safeParse(inputOf(body));
    if (!parsed.success) {
      const where = parsed.error.issues.map((issue) => issue.path.join('.') || '(input)').join(', ');
      return { ok: false, code: 'bad-request', details: { where } };
    }
    const answer = await within(`call ${name}`, () => household.answer(name, parsed.data, person, sessionToken));
    const value = output.safeParse(answer);
    if (value.success) return { ok: true, value: value.data };
    const where = value.error.issues.map((issue) => issue.path.join('.')).join(', ');
    household.onFailure(name, `bad-answer ${where}`);
    return { ok: false, code: 'internal' };
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof PhotodockError)
      return { ok: false, code, details: { ...error.details, reason: error.message } };
    household.onFailure(name, code);
    return { ok: false, code: 'internal' };
  }
}

function streamEvents(request: http.IncomingMessage, response: http.ServerResponse, household: Household): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  const stop = household.listen((event) => response.write(`data: ${JSON.stringify(event)}\n\n`));
  const heartbeat = setInterval(() => response.write(': alive\n\n'), 15_000);
  request.on('close', () => {
    clearInterval(heartbeat);
    stop();
  });
}

const MEDIA_TYPES = new Set(['image/jpeg', 'image/webp', 'image/png']);

async function sendPicture(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  household: Household,
  sessionToken: string | null,
  id: string,
  size: string,
): Promise<void> {
  const person = household.personOf(sessionToken);
  if (!person) {
    response.writeHead(423).end();
    return;
  }
  if (!may(person, 'see')) {
    response.writeHead(403).end();
    return;
  }
  if (!/^[a-zA-Z0-9-]{8,64}$/.test(id) || (size !== 'thumb' && size !== 'screen' && size !== 'full')) {
    response.writeHead(404).end();
    return;
  }
  const abort = new AbortController();
  request.on('close', () => abort.abort());
  const picture = await household.picture(id, size, abort.signal).catch((error: unknown) => {
    household.onFailure('picture', errorCode(error));
    return { status: 415 as const };
  });
  if (picture.status !== 200 || !MEDIA_TYPES.has(picture.mediaType)) {
    response.writeHead(picture.status === 200 ? 415 : picture.status).end();
    return;
  }
  response.writeHead(200, {
    'content-type': picture.mediaType,
    'content-length': picture.bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(picture.bytes);
}
