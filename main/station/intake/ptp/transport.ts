import { PhotodockError } from '../../../../shared/domain/errors.ts';

/** One operation as the initiator sends it (ISO 15740, 9.3.2). */
export interface PtpRequest {
  readonly code: number;
  /** At most five, 32 bits each. */
  readonly parameters: readonly number[];
  /** What the initiator sends in the data phase. */
  readonly dataOut?: Uint8Array;
}

export interface PtpResponse {
  readonly code: number;
  readonly parameters: readonly number[];
}

export interface PtpEvent {
  readonly code: number;
  readonly transactionId: number;
  readonly parameters: readonly number[];
}

export interface TransactOptions {
  /**
   * Data of the device, in order, as it arrives. What the promise waits for, the device waits for.
   * @param announced bytes that the container's header promises; null when it does not know (0xFFFFFFFF)
   */
  readonly onData?: (piece: Uint8Array, announced: number | null) => void | Promise<void>;
  readonly signal?: AbortSignal;
  /** Without a byte for this long the transaction is cancelled, ms. */
  readonly idleMs?: number;
}

/**
 * One device, one transaction at a time. A helper for another operating system (WPD on Windows) would implement the same:
 * operation in, data and response out.
 */
export interface PtpTransport {
  /**
   * Runs one transaction. The transport numbers transactions.
   * @throws PtpTransportError
   */
  transact(request: PtpRequest, options?: TransactOptions): Promise<PtpResponse>;
  /** @returns ends the listening */
  onEvent(listener: (event: PtpEvent) => void): () => void;
  onGone(listener: () => void): void;
  /** Class request 0x66: the device forgets its transaction and its session (PIMA 15740 USB, D.5.2.2). @throws PtpTransportError */
  reset(): Promise<void>;
  /** Ends the transport. A session that is open stays open on the device. */
  close(): Promise<void>;
}

/** Why a transport could not do what it was asked. */
export const TRANSPORT_CODES = [
  'device-gone',
  'device-timeout',
  'device-stalled',
  'device-protocol',
  'device-held',
  'device-no-permission',
  'device-io',
  'cancelled',
] as const;
export type TransportCode = (typeof TRANSPORT_CODES)[number];

/** The way to a device failed, not the device's answer. */
export class PtpTransportError extends PhotodockError {
  declare readonly code: TransportCode;

  constructor(code: TransportCode, details: Record<string, string | number | boolean | null> = {}) {
    super(code, `the transport to the device failed (${code})`, details);
  }
}

/** The same error whatever it was; what is not the transport's own becomes `device-io`. */
export function transportError(error: unknown): PtpTransportError {
  return error instanceof PtpTransportError ? error : new PtpTransportError('device-io');
}
