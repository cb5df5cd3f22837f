import { randomUUID } from 'node:crypto';
import { parseDicomJson, type DicomJson } from './dicom-json.ts';
import { ArchiveAnswerError } from './errors.ts';
import type { Peer } from './peer.ts';
import { sendRequest, type PeerAnswer } from './request.ts';
import { rejectGeneralStatus } from './status.ts';
import { judgeStowAnswer, type StowJudgement } from './stow-answer.ts';
import { checkedUid } from './uid.ts';

export interface InstanceToStow {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  /** The whole Part-10 file. */
  readonly bytes: Buffer | (() => AsyncIterable<Buffer>);
  /** Bytes a stream will yield; without it the request is sent chunked, which some archives refuse. */
  readonly size?: number;
}

export interface StowResult extends StowJudgement {
  readonly httpStatus: number;
}

const largestAnswerBytes = 4 * 1024 * 1024;

/**
 * Stores instances by STOW-RS in one request (PS3.18 10.5). What happened is decided per SOP Instance UID from the
 * Store Instances Response Module, whatever the HTTP status: archives answer 200 with failures in the body and 400
 * with instances stored.
 * @param studyUid when given, the archive must refuse instances of another study
 * @throws ArchiveUnreachableError, ArchiveBusyError, ArchiveAnswerError when nothing was said about any instance
 */
export async function stowInstances(
  peer: Peer,
  studyUid: string | null,
  instances: readonly InstanceToStow[],
  signal?: AbortSignal,
): Promise<Map<string, StowResult>> {
  const boundary = `photodock-${randomUUID()}`;
  const answer = await sendRequest(peer, {
    method: 'POST',
    path: studyUid === null ? '/studies' : `/studies/${checkedUid(studyUid)}`,
    headers: {
      'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      Accept: 'application/dicom+json',
    },
    body: { length: multipartLength(boundary, instances), chunks: () => multipartChunks(boundary, instances) },
    maximumBytes: largestAnswerBytes,
    signal,
  });
  return readStowAnswer(answer, instances);
}

/** Judges the answer to a STOW request for each instance that was sent. Exported for its tests. */
export function readStowAnswer(
  answer: PeerAnswer,
  instances: readonly Pick<InstanceToStow, 'sopInstanceUid' | 'sopClassUid'>[],
): Map<string, StowResult> {
  const module = parseDicomJson(answer.body);
  const results = new Map<string, StowResult>();
  let named = false;
  for (const instance of instances) {
    const judged = module && judgeStowAnswer(module, instance);
    named ||= judged !== null;
    results.set(instance.sopInstanceUid, { ...(judged ?? UNSAID), httpStatus: answer.status });
  }
  if (!named) rejectWholeAnswer(answer, module);
  return results;
}

const UNSAID: StowJudgement = { outcome: 'unknown', code: null };

/** No instance was named: an error that says more than `unknown` is better, where there is one. */
function rejectWholeAnswer(answer: PeerAnswer, module: DicomJson | null): void {
  rejectGeneralStatus(answer);
  const { status } = answer;
  if (module !== null || answer.body.length === 0) {
    if (status >= 400 && status !== 400 && status !== 409) {
      throw new ArchiveAnswerError('peer-refuses-request', `archive refuses to store (${status})`, { status });
    }
    return;
  }
  throw new ArchiveAnswerError('peer-answer-unreadable', `answer to STOW is not DICOM JSON (${status})`, {
    status,
    mediaType: answer.mediaType,
  });
}

function partHeader(boundary: string): Buffer {
  return Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
}

const lineEnd = Buffer.from('\r\n');

function closing(boundary: string): Buffer {
  return Buffer.from(`--${boundary}--\r\n`);
}

function multipartLength(boundary: string, instances: readonly InstanceToStow[]): number | null {
  let length = closing(boundary).length;
  for (const { bytes, size } of instances) {
    const own = typeof bytes === 'function' ? size : bytes.length;
    if (own === undefined) return null;
    length += partHeader(boundary).length + own + lineEnd.length;
  }
  return length;
}

async function* multipartChunks(boundary: string, instances: readonly InstanceToStow[]): AsyncGenerator<Buffer> {
  for (const { bytes, size } of instances) {
    yield partHeader(boundary);
    if (typeof bytes === 'function') yield* exactly(bytes(), size);
    else yield bytes;
    yield lineEnd;
  }
  yield closing(boundary);
}

/** Passes a stream on and fails when it is not as long as announced: a short part must never end as a valid request. */
async function* exactly(stream: AsyncIterable<Buffer>, size: number | undefined): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (size !== undefined && length > size) break;
    yield chunk;
  }
  if (size !== undefined && length !== size) throw new RangeError(`instance is not ${size} bytes long`);
}
