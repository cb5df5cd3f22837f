/** Why a transfer of the bulk pipes failed. */
export type PipeFailure = 'stall' | 'gone' | 'cancelled' | 'io';

export class PipeError extends Error {
  readonly failure: PipeFailure;

  constructor(failure: PipeFailure) {
    super(`transfer failed (${failure})`);
    this.failure = failure;
  }
}

/** One bulk read that was submitted. */
export interface PendingRead {
  readonly length: number;
  /** What arrived; shorter than asked when a short packet ended it. @throws PipeError */
  readonly done: Promise<Uint8Array>;
  /** Ends it: `done` fails by `cancelled`, or delivers what had arrived. */
  cancel(): void;
}

/** The pipes of one device, as far as transactions need them. Tests put a pipe of their own in its place. */
export interface BulkPipe {
  /** Largest packet of the bulk-in endpoint, bytes. */
  readonly packetSize: number;
  /** Largest packet of the bulk-out endpoint, bytes. */
  readonly outPacketSize: number;
  /** Submits a read; several may be pending, and are filled in order. @param length a multiple of `packetSize` */
  read(length: number): PendingRead;
  /** @throws PipeError; `cancelled` after `limitMs` */
  write(bytes: Uint8Array, limitMs: number): Promise<void>;
  /** @throws PipeError */
  clearHalt(direction: 'in' | 'out'): Promise<void>;
  /** Class request Cancel (0x64). @throws PipeError */
  sendCancel(transactionId: number): Promise<void>;
  /** Class request GetDeviceStatus (0x67): a response code such as 0x2001, 0x2019. @throws PipeError */
  deviceStatus(): Promise<number>;
  /** Class request DeviceReset (0x66). @throws PipeError */
  resetDevice(): Promise<void>;
}
