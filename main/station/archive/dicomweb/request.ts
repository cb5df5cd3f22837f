import * as http from 'node:http';
import * as https from 'node:https';
import { once } from 'node:events';
import { errorCode } from '../../../../shared/domain/errors.ts';
import { ArchiveAnswerError, ArchiveUnreachableError } from './errors.ts';
import { mediaTypeOf } from './multipart.ts';
import { defaultTimeouts, peerName, type Peer } from './peer.ts';

export interface PeerRequest {
  readonly method: 'GET' | 'POST';
  /** Below the service root, starting with a slash, query included. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  /** Called anew for every try, so that a request on a connection that had gone stale can be repeated. */
  readonly body?: { readonly length: number | null; chunks(): AsyncIterable<Buffer> | Iterable<Buffer> };
  /** An answer longer than this is refused. */
  readonly maximumBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface PeerAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Media type in lower case without parameters; '' when absent. */
  readonly mediaType: string;
  readonly body: Buffer;
}

const agents = new WeakMap<Peer, http.Agent>();

/**
 * Sends one HTTP request to an archive. Resolves for every status; redirects are not followed. Streams the body with
 * back-pressure, caps the answer, and never hangs: connect, idle and total time are limited.
 * @throws ArchiveUnreachableError when no complete answer came
 * @throws ArchiveAnswerError `peer-answer-too-large`, or `peer-answer-unreadable` for a content coding we did not ask for
 * @throws the signal's reason when aborted
 */
export async function sendRequest(peer: Peer, request: PeerRequest): Promise<PeerAnswer> {
  const deadline = AbortSignal.timeout(peer.timeouts?.totalMs ?? defaultTimeouts.totalMs);
  const signal = request.signal === undefined ? deadline : AbortSignal.any([request.signal, deadline]);
  for (let tries = 1; ; tries += 1) {
    try {
      return await exchange(peer, request, signal);
    } catch (error) {
      request.signal?.throwIfAborted();
      // A kept-alive connection that the archive closed meanwhile says nothing about the archive: once more, on a fresh one.
      if (error instanceof StaleConnection && tries === 1) continue;
      if (error instanceof BodyFailure) throw error.cause;
      if (error instanceof ArchiveAnswerError) throw error;
      const reason = deadline.aborted ? 'ETIMEDOUT' : errorCode(error);
      throw new ArchiveUnreachableError(`no answer from ${peerName(peer)}: ${reason}`, { reason }, error);
    }
  }
}

/** Closes the connections kept for a peer. */
export function closePeer(peer: Peer): void {
  agents.get(peer)?.destroy();
  agents.delete(peer);
}

/** The kept connection broke before a byte of an answer came. */
class StaleConnection extends Error {
  readonly code = 'ECONNRESET';
}

/** Our own source of bytes failed, in `cause`: not the archive's doing. */
class BodyFailure extends Error {}

async function exchange(peer: Peer, request: PeerRequest, signal: AbortSignal): Promise<PeerAnswer> {
  const outgoing = open(peer, request, signal);
  const failure = new Promise<never>((_, reject) => {
    outgoing.on('error', (error) => {
      const stale = outgoing.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(errorCode(error));
      reject(stale ? new StaleConnection('kept connection was gone', { cause: error }) : error);
    });
  });
  failure.catch(() => undefined);
  const answered = once(outgoing, 'response') as Promise<[http.IncomingMessage]>;
  answered.catch(() => undefined);
  try {
    // An archive may answer before it has read everything (401, 413): then its answer counts, not our broken pipe.
    const sending = sendBody(outgoing, request, answered);
    sending.catch(() => undefined);
    await Promise.race([sending.then(() => answered), answered, failure]);
    const [incoming] = await Promise.race([answered, failure]);
    const answer = await readAnswer(incoming, request.maximumBytes);
    if (!outgoing.writableEnded) outgoing.destroy();
    return answer;
  } catch (error) {
    outgoing.destroy();
    throw error;
  }
}

function open(peer: Peer, request: PeerRequest, signal: AbortSignal): http.ClientRequest {
  const url = new URL(peer.baseUrl.replace(/\/+$/, '') + request.path);
  const secure = url.protocol === 'https:';
  const timeouts = { ...defaultTimeouts, ...peer.timeouts };
  const outgoing = (secure ? https : http).request(url, {
    method: request.method,
    agent: agentOf(peer, secure),
    signal,
    timeout: timeouts.connectMs,
    headers: {
      ...peer.headers,
      ...request.headers,
      'Accept-Encoding': 'identity',
      ...(request.body?.length == null ? {} : { 'Content-Length': String(request.body.length) }),
    },
  });
  outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })));
  outgoing.on('socket', (socket) => {
    const standing = () => socket.setTimeout(timeouts.idleMs);
    if (!socket.connecting) standing();
    else socket.once(secure ? 'secureConnect' : 'connect', standing);
  });
  return outgoing;
}

function agentOf(peer: Peer, secure: boolean): http.Agent {
  let agent = agents.get(peer);
  if (agent === undefined) {
    const options = { keepAlive: true, maxSockets: 8, scheduling: 'lifo' as const };
    agent = secure ? new https.Agent({ ...options, ...peer.tls, minVersion: 'TLSv1.2' }) : new http.Agent(options);
    agents.set(peer, agent);
  }
  return agent;
}

async function sendBody(outgoing: http.ClientRequest, request: PeerRequest, answered: Promise<unknown>): Promise<void> {
  if (request.body === undefined) {
    outgoing.end();
    return;
  }
  let answeredEarly = false;
  const early = answered.then(
    () => void (answeredEarly = true),
    () => undefined,
  );
  const closed = new Promise<void>((resolve) => outgoing.once('close', resolve));
  try {
    for await (const chunk of request.body.chunks()) {
      if (answeredEarly || outgoing.destroyed) return;
      if (!outgoing.write(chunk)) {
        const drained = new Promise<void>((resolve) => outgoing.once('drain', resolve));
        await Promise.race([drained, early, closed]);
      }
    }
    outgoing.end();
  } catch (error) {
    outgoing.destroy(new BodyFailure('the body could not be read', { cause: error }));
  }
}

async function readAnswer(incoming: http.IncomingMessage, maximumBytes: number): Promise<PeerAnswer> {
  const status = incoming.statusCode ?? 0;
  const coding = incoming.headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity') {
    throw new ArchiveAnswerError('peer-answer-unreadable', `answer came ${coding}-coded though we asked for plain`, {
      status,
    });
  }
  const tooLarge = () =>
    new ArchiveAnswerError('peer-answer-too-large', `answer is longer than ${maximumBytes} bytes`, {
      status,
      maximumBytes,
    });
  if (Number(incoming.headers['content-length'] ?? 0) > maximumBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maximumBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const mediaType = mediaTypeOf(incoming.headers['content-type']);
  return { status, headers: incoming.headers, mediaType, body: Buffer.concat(chunks, length) };
}
