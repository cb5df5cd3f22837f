import type http from 'node:http';
import { within } from '#durable';
import type { FrameAnswer } from '../../../shared/contract/capture.ts';
import { FRAME_MAX_BYTES, FrameFacts } from '../../../shared/contract/capture.ts';
import { errorCode, PhotodockError } from '../../../shared/domain/errors.ts';
import type { SignedIn } from '../people/index.ts';
import { may } from '../people/index.ts';
import type { Household } from './server.ts';

/** Where the facts about a picture travel: beside its bytes. */
export const FRAME_HEADER = 'x-photodock-frame';

/**
 * `PUT /frame/<dockingId>`: a picture that the window took, as it is, with its facts in a header. Answers like a call. Who may not is refused
 * before a byte of it is read.
 */
export async function answerFrame(
  dockingId: string,
  request: http.IncomingMessage,
  household: Pick<Household, 'frame' | 'onFailure'>,
  person: SignedIn | null,
): Promise<FrameAnswer> {
  if (!person) return refuse(request, 'not-signed-in');
  if (!may(person, 'capture')) return refuse(request, 'not-allowed');
  const facts = factsOf(request.headers[FRAME_HEADER]);
  if (!facts || !/^[a-zA-Z0-9-]{8,64}$/.test(dockingId)) return refuse(request, 'bad-request');
  try {
    const bytes = await readBytes(request);
    if (bytes === null) return refuse(request, 'frame-too-large');
    return { ok: true, value: await within('frame', () => household.frame(dockingId, facts, bytes, person)) };
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof PhotodockError) return { ok: false, code };
    household.onFailure('frame', code);
    return { ok: false, code: 'internal' };
  }
}

function factsOf(header: string | string[] | undefined): FrameFacts | null {
  try {
    return FrameFacts.safeParse(JSON.parse(String(header))).data ?? null;
  } catch {
    return null;
  }
}

/** The body, in one piece; null when it is, or says to be, larger than a picture may be. */
async function readBytes(request: http.IncomingMessage): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > FRAME_MAX_BYTES) return null;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > FRAME_MAX_BYTES) return null;
    parts.push(part);
  }
  // An own ArrayBuffer: it is handed over to the thread that seals.
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What is not taken in is read away, so that the sender hears why. */
function refuse(request: http.IncomingMessage, code: string): FrameAnswer {
  request.resume();
  return { ok: false, code };
}
