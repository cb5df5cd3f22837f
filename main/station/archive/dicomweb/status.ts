import { ArchiveAnswerError, ArchiveBusyError } from './errors.ts';
import type { PeerAnswer } from './request.ts';

const longestWaitMs = 3_600_000;

/**
 * Throws the named error for a status that speaks about the request as a whole: 3xx, 401, 403, 429, 5xx.
 * Says nothing about 2xx and the other 4xx: what they mean depends on the transaction.
 */
export function rejectGeneralStatus(answer: PeerAnswer, now: number = Date.now()): void {
  const { status } = answer;
  if (status >= 300 && status < 400) {
    throw new ArchiveAnswerError('peer-redirects', `archive redirects (${status})`, {
      status,
      to: originOf(answer.headers.location),
    });
  }
  if (status === 401 || status === 403) {
    throw new ArchiveAnswerError('peer-denies-access', `archive denies access (${status})`, { status });
  }
  if (status === 429 || status >= 500) {
    throw new ArchiveBusyError(`archive cannot serve now (${status})`, { status }, retryAfter(answer, now));
  }
}

/** Milliseconds until the archive wants to be asked again (RFC 9110 10.2.3), at most an hour; null when it did not say. */
export function retryAfter(answer: Pick<PeerAnswer, 'headers'>, now: number): number | null {
  const text = answer.headers['retry-after']?.trim();
  if (text === undefined) return null;
  const date = /^[A-Za-z]+, .*\d\d:\d\d:\d\d GMT$/.test(text) ? Date.parse(text) : NaN;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : date - now;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), longestWaitMs) : null;
}

/** Only the origin: a redirect's path and query may hold anything. */
function originOf(location: string | undefined): string | null {
  if (location === undefined || !URL.canParse(location)) return null;
  return new URL(location).origin;
}
