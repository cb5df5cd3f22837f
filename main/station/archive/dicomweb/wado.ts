import { ArchiveAnswerError } from './errors.ts';
import { mediaParameter, mediaTypeOf, parseMultipart } from './multipart.ts';
import type { Peer } from './peer.ts';
import { sendRequest, type PeerAnswer } from './request.ts';
import { rejectGeneralStatus } from './status.ts';
import { checkedUid } from './uid.ts';

export interface InstanceAddress {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly sopInstanceUid: string;
}

export interface ReadBack {
  /** `frame`: the compressed stream itself. `instance`: a Part-10 file, out of which the caller takes the stream. */
  readonly kind: 'frame' | 'instance';
  readonly bytes: Buffer;
  readonly mediaType: string;
  /** As the archive named it; null when it did not. */
  readonly transferSyntax: string | null;
}

const jpegBaseline = '1.2.840.10008.1.2.4.50';
const largestPictureBytes = 512 * 1024 * 1024;

/**
 * Reads the first frame back as the archive keeps it (WADO-RS). Asks for the JPEG stream; an archive that does not serve
 * frames that way is asked for the whole instance without transcoding. Null when the archive does not have it.
 * @throws ArchiveUnreachableError, ArchiveBusyError, ArchiveAnswerError
 */
export async function readFrame(
  peer: Peer,
  address: InstanceAddress,
  signal?: AbortSignal,
  maximumBytes = largestPictureBytes,
): Promise<ReadBack | null> {
  const answer = await sendRequest(peer, {
    method: 'GET',
    path: `${instancePath(address)}/frames/1`,
    headers: { Accept: `multipart/related; type="image/jpeg"; transfer-syntax=${jpegBaseline}` },
    maximumBytes,
    signal,
  });
  if (answer.status === 200) {
    const part = onlyPart(answer);
    if (part.mediaType === 'image/jpeg') return { kind: 'frame', ...part };
  } else if (![404, 406, 400, 405, 415, 500, 501].includes(answer.status)) {
    // Those say "not this way"; all others speak about the archive and would be said about the instance too.
    rejectGeneralStatus(answer);
    throw refused(answer);
  }
  return readInstance(peer, address, signal, maximumBytes);
}

/**
 * Reads a whole instance back as a Part-10 file in the transfer syntax in which the archive keeps it. Null when the
 * archive does not have it.
 * @throws ArchiveUnreachableError, ArchiveBusyError, ArchiveAnswerError
 */
export async function readInstance(
  peer: Peer,
  address: InstanceAddress,
  signal?: AbortSignal,
  maximumBytes = largestPictureBytes,
): Promise<ReadBack | null> {
  const answer = await sendRequest(peer, {
    method: 'GET',
    path: instancePath(address),
    headers: { Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
    maximumBytes,
    signal,
  });
  if (answer.status === 404 || answer.status === 410) return null;
  rejectGeneralStatus(answer);
  if (answer.status !== 200) throw refused(answer);
  const part = onlyPart(answer);
  if (part.mediaType !== 'application/dicom') {
    throw new ArchiveAnswerError('peer-answer-unreadable', 'answer to WADO-RS holds no DICOM', {
      mediaType: part.mediaType,
    });
  }
  return { kind: 'instance', ...part };
}

function instancePath({ studyUid, seriesUid, sopInstanceUid }: InstanceAddress): string {
  return `/studies/${checkedUid(studyUid)}/series/${checkedUid(seriesUid)}/instances/${checkedUid(sopInstanceUid)}`;
}

function onlyPart(answer: PeerAnswer): Omit<ReadBack, 'kind'> {
  const contentType = answer.headers['content-type'] ?? '';
  if (answer.mediaType !== 'multipart/related') return described(contentType, answer.body);
  const parts = parseMultipart(contentType, answer.body);
  const [part] = parts;
  if (part === undefined || parts.length !== 1) {
    throw new ArchiveAnswerError('peer-answer-unreadable', `answer to WADO-RS holds ${parts.length} parts, not one`);
  }
  // A part may leave out its own type when the whole announces it.
  return described(part.headers.get('content-type') ?? mediaParameter(contentType, 'type') ?? '', part.body);
}

function described(contentType: string, bytes: Buffer): Omit<ReadBack, 'kind'> {
  return {
    bytes,
    mediaType: mediaTypeOf(contentType),
    transferSyntax: mediaParameter(contentType, 'transfer-syntax'),
  };
}

function refused(answer: PeerAnswer): ArchiveAnswerError {
  return new ArchiveAnswerError('peer-refuses-request', `archive refuses to hand out the instance (${answer.status})`, {
    status: answer.status,
  });
}
