import { PhotodockError } from '../../../../shared/domain/errors.ts';

/** Nobody answers at that address: refused, no route, name unknown, or no TCP connection in time. */
export class PeerUnreachableError extends PhotodockError {
  constructor(reason: string, cause?: unknown) {
    super('peer-unreachable', `the peer cannot be reached: ${reason}`, { reason }, { cause });
  }
}

/** The peer answers, but TLS with it fails: wrong certificate on one of the two sides, or no TLS at all. */
export class PeerTlsError extends PhotodockError {
  constructor(reason: string, cause?: unknown) {
    super('peer-tls', `no trusted connection with the peer: ${reason}`, { reason }, { cause });
  }
}

/** A-ASSOCIATE-RJ. `result` 1 permanent, 2 transient; `source` and `reason` as in PS3.8 table 9-21. */
export class AssociationRejectedError extends PhotodockError {
  constructor(result: number, source: number, reason: number) {
    const words = REJECTIONS[`${source}.${reason}`] ?? 'no reason given';
    super('association-rejected', `the peer rejected the association: ${words}`, { result, source, reason, words });
  }
}

const REJECTIONS: Readonly<Record<string, string>> = {
  '1.2': 'application context not supported',
  '1.3': 'calling AE title not recognized',
  '1.7': 'called AE title not recognized',
  '2.2': 'protocol version not supported',
  '3.1': 'temporary congestion',
  '3.2': 'local limit exceeded',
};

/** A-ABORT by the peer, or the connection broke while a request was under way. */
export class AssociationAbortedError extends PhotodockError {
  constructor(
    by: 'peer' | 'connection-lost' | 'protocol-error',
    details: Record<string, number> = {},
    cause?: unknown,
  ) {
    super('association-aborted', `the association ended early (${by})`, { by, ...details }, { cause });
  }
}

/** The peer does not take this SOP class in this transfer syntax. Nothing was sent. */
export class ContextNotAcceptedError extends PhotodockError {
  constructor(sopClassUid: string, transferSyntaxUid: string | null, result: number | null) {
    super('context-not-accepted', 'the peer does not accept the presentation context', {
      sopClassUid,
      transferSyntaxUid,
      result,
    });
  }
}

/** The association ended in good order, but the request was never answered. */
export class NoResponseError extends PhotodockError {
  constructor() {
    super('no-response', 'the peer ended the association without answering');
  }
}

/** The peer is connected and silent. `phase` says what was waited for. */
export class PeerTimeoutError extends PhotodockError {
  constructor(phase: 'association' | 'response', afterMs: number) {
    super('peer-timeout', `the peer did not go on within ${afterMs} ms (${phase})`, { phase, afterMs });
  }
}

/** The peer answered a request with a status that is neither success nor one the caller knows. */
export class UnexpectedStatusError extends PhotodockError {
  readonly status: number;

  constructor(operation: string, status: number) {
    super('unexpected-status', `${operation} was answered with status ${status.toString(16).padStart(4, '0')}`, {
      operation,
      status,
    });
    this.status = status;
  }
}

/** An abort signal's reason as an error, whatever the caller gave. */
export function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError');
}

/** Bytes from a peer that are no data set. */
export class MalformedDatasetError extends PhotodockError {
  constructor(what: string) {
    super('malformed-dataset', `malformed data set: ${what}`);
  }
}
