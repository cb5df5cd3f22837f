import { readCommitmentLists, type CommitmentLists, type InstanceReference } from './commitment-answer.ts';
import { parseDicomJson } from './dicom-json.ts';
import { ArchiveAnswerError } from './errors.ts';
import type { Peer } from './peer.ts';
import { sendRequest, type PeerAnswer } from './request.ts';
import { rejectGeneralStatus, retryAfter } from './status.ts';
import { checkedUid } from './uid.ts';

export type CommitmentState =
  /** The archive has no storage commitment over the web; most have not. */
  | { readonly state: 'not-offered' }
  /** Asked, not answered yet: check again, not before `retryAfterMs` when it named a time. */
  | { readonly state: 'pending'; readonly retryAfterMs: number | null }
  /** The archive does not know this transaction, or no more: ask anew with a new transaction UID. */
  | { readonly state: 'forgotten' }
  /** A UID in neither list is not committed. */
  | ({ readonly state: 'answered' } & CommitmentLists);

const dicomJson = 'application/dicom+json';
const largestAnswerBytes = 16 * 1024 * 1024;

/**
 * Asks an archive to commit itself to instances (PS3.18 13.4). Store the transaction UID durably before calling.
 * @throws ArchiveUnreachableError, ArchiveBusyError, ArchiveAnswerError (`peer-transaction-in-use` for a UID used before)
 */
export async function requestCommitment(
  peer: Peer,
  transactionUid: string,
  references: readonly InstanceReference[],
  signal?: AbortSignal,
): Promise<CommitmentState> {
  const items = references.map(({ sopClassUid, sopInstanceUid }) => ({
    '00081150': { vr: 'UI', Value: [checkedUid(sopClassUid)] },
    '00081155': { vr: 'UI', Value: [checkedUid(sopInstanceUid)] },
  }));
  const body = Buffer.from(JSON.stringify({ '00081199': { vr: 'SQ', Value: items } }));
  const answer = await sendRequest(peer, {
    method: 'POST',
    path: `/commitment-requests/${checkedUid(transactionUid)}`,
    headers: { 'Content-Type': dicomJson, Accept: dicomJson },
    body: { length: body.length, chunks: () => [body] },
    maximumBytes: largestAnswerBytes,
    signal,
  });
  if ([404, 405, 501].includes(answer.status)) return { state: 'not-offered' };
  if (answer.status === 409) {
    throw new ArchiveAnswerError('peer-transaction-in-use', 'archive knows this transaction UID already', {
      status: 409,
    });
  }
  return readCommitmentAnswer(answer, transactionUid);
}

/**
 * Asks how a commitment request ended (PS3.18 13.5).
 * @throws ArchiveUnreachableError, ArchiveBusyError, ArchiveAnswerError
 */
export async function checkCommitment(
  peer: Peer,
  transactionUid: string,
  signal?: AbortSignal,
): Promise<CommitmentState> {
  const answer = await sendRequest(peer, {
    method: 'GET',
    path: `/commitment-requests/${checkedUid(transactionUid)}`,
    headers: { Accept: dicomJson },
    maximumBytes: largestAnswerBytes,
    signal,
  });
  if (answer.status === 404 || answer.status === 410) return { state: 'forgotten' };
  return readCommitmentAnswer(answer, transactionUid);
}

/** Reads a 200 or 202. Exported for its tests. */
export function readCommitmentAnswer(answer: PeerAnswer, transactionUid: string): CommitmentState {
  rejectGeneralStatus(answer);
  if (answer.status === 202) return { state: 'pending', retryAfterMs: retryAfter(answer, Date.now()) };
  if (answer.status !== 200) {
    throw new ArchiveAnswerError('peer-refuses-request', `archive refuses the commitment request (${answer.status})`, {
      status: answer.status,
    });
  }
  const module = parseDicomJson(answer.body);
  if (module === null) {
    throw new ArchiveAnswerError('peer-answer-unreadable', 'commitment answer is not DICOM JSON', {
      mediaType: answer.mediaType,
    });
  }
  const lists = readCommitmentLists(module, transactionUid);
  if (lists === null) {
    throw new ArchiveAnswerError('peer-answer-unreadable', 'commitment answer speaks of another transaction');
  }
  return { state: 'answered', ...lists };
}
