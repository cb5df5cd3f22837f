import { randomUUID } from 'node:crypto';
import { ArchiveAnswerError } from './errors.ts';
import type { Peer } from './peer.ts';
import { sendRequest } from './request.ts';
import { rejectGeneralStatus } from './status.ts';

/**
 * Asks the archive for a study that cannot exist (QIDO-RS): cheap, and no patient's data comes along.
 * Resolves when the archive answers as a DICOMweb archive does.
 * @throws ArchiveUnreachableError, ArchiveBusyError, ArchiveAnswerError
 */
export async function probeArchive(peer: Peer, signal?: AbortSignal): Promise<void> {
  const nobody = `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
  const answer = await sendRequest(peer, {
    method: 'GET',
    path: `/studies?StudyInstanceUID=${nobody}&limit=1`,
    headers: { Accept: 'application/dicom+json' },
    maximumBytes: 64 * 1024,
    signal,
  });
  rejectGeneralStatus(answer);
  if (answer.status === 204) return;
  if (answer.status !== 200) {
    throw new ArchiveAnswerError('peer-refuses-request', `archive refuses a query (${answer.status})`, {
      status: answer.status,
    });
  }
  if (!isEmptyList(answer.body)) {
    throw new ArchiveAnswerError('peer-answer-unreadable', 'answer to QIDO-RS is not an empty DICOM JSON list', {
      status: answer.status,
      mediaType: answer.mediaType,
    });
  }
}

function isEmptyList(body: Buffer): boolean {
  const text = body.toString('latin1').trim();
  return text === '' || /^\[\s*\]$/.test(text);
}
