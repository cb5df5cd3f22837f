import { errorCode } from '../../../../shared/domain/errors.ts';
import { PtpResponseError } from './errors.ts';
import { RESPONSE } from './operations.ts';
import type { PtpResponse, PtpTransport } from './transport.ts';

export interface ClientOptions {
  /** Opens the way to the device; asked again after that way crashed. @throws PtpTransportError */
  readonly openTransport: () => Promise<PtpTransport>;
  readonly vendorId: number;
  readonly productId: number;
}

export interface OperateOptions {
  readonly priority?: number;
  readonly signal?: AbortSignal;
  readonly idleMs?: number;
  /** Takes the data instead of the answer holding it. */
  readonly onData?: (piece: Uint8Array, announced: number | null) => void | Promise<void>;
  /** More data than this is refused, bytes. */
  readonly most?: number;
  /** The operation does the same thing twice: it is tried again after a failure of the way. Default yes. */
  readonly mayRepeat?: boolean;
}

export interface Operated {
  readonly data: Uint8Array;
  readonly response: PtpResponse;
}

/** What to answer when the device refuses; what is no answer of the device goes on. */
export function refusedAs<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof PtpResponseError && error.response !== RESPONSE.sessionNotOpen) return instead;
    throw error;
  };
}

/** What to answer when anything failed but the device is there. */
export function notGoneAs<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (errorCode(error) === 'device-gone') throw error;
    return instead;
  };
}
