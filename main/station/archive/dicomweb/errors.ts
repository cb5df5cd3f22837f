import { PhotodockError } from '../../../../shared/domain/errors.ts';

type Details = Record<string, string | number | boolean | null>;

/**
 * No whole answer came. `peer-unreachable`: refused, reset, unresolved. `peer-timeout`: silent or too slow. `peer-tls`: its
 * certificate is not trusted (expired, self-signed, for another name), or it speaks no TLS. Trying again later may help.
 */
export class ArchiveUnreachableError extends PhotodockError {
  constructor(message: string, details: Details & { reason: string }, cause?: unknown) {
    super(codeOf(details.reason), message, details, { cause });
  }
}

/** Certificate verification of OpenSSL as Node names it, and everything of TLS itself. */
const TLS_REASONS =
  /^(ERR_SSL_|ERR_TLS_|EPROTO$|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_)/;

function codeOf(reason: string): 'peer-unreachable' | 'peer-timeout' | 'peer-tls' {
  if (reason === 'ETIMEDOUT') return 'peer-timeout';
  return TLS_REASONS.test(reason) ? 'peer-tls' : 'peer-unreachable';
}

/** The archive answered that it cannot serve now (429 or 5xx). Try again, not before `retryAfterMs` when it named a time. */
export class ArchiveBusyError extends PhotodockError {
  readonly retryAfterMs: number | null;

  constructor(message: string, details: Details, retryAfterMs: number | null) {
    super('peer-busy', message, { ...details, retryAfterMs });
    this.retryAfterMs = retryAfterMs;
  }
}

export type ArchiveAnswerCode =
  /** 401 or 403: credentials are missing, wrong or not enough. */
  | 'peer-denies-access'
  /** 3xx: the configured address is not the archive's; we never carry pictures to an address nobody configured. */
  | 'peer-redirects'
  /** The answer is larger than anything it could truthfully say. */
  | 'peer-answer-too-large'
  /** The answer is not what DICOMweb says it must be: an HTML page, broken multipart, broken JSON, a coding we did not ask for. */
  | 'peer-answer-unreadable'
  /** A status that says the request as a whole was not carried out. */
  | 'peer-refuses-request'
  /** PS3.18 13.4.3: this transaction UID is already in use. */
  | 'peer-transaction-in-use';

/** The archive answered, but the answer says nothing we can rely on. Nothing counts as stored. */
export class ArchiveAnswerError extends PhotodockError {
  constructor(code: ArchiveAnswerCode, message: string, details: Details = {}) {
    super(code, message, details);
  }
}
