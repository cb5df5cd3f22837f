import { readHeader } from '../../main/station/intake/ptp/containers.ts';
import { PipeError, type BulkPipe, type PendingRead } from '../../main/station/intake/ptp/process/bulk-pipe.ts';

/** What the device does next with a read: a packet run that ends short or not, a failure, or nothing at all. */
export type Burst = { readonly bytes: Uint8Array } | 'stall' | 'gone';

interface Asked {
  readonly length: number;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A bulk pipe whose device answers each command by bursts. A burst is what the device sends at once: whole packets fill reads, and its last,
 * shorter packet (or an empty one) ends the read; a burst of whole packets without an empty one runs on into the next burst.
 */
export class FakeBulkPipe implements BulkPipe {
  readonly packetSize = 512;
  readonly outPacketSize = 512;
  readonly written: Buffer[] = [];
  readonly log: string[] = [];
  /** Answers of GetDeviceStatus, then 0x2001. */
  statuses: number[] = [];
  #packets: (Uint8Array | 'stall' | 'gone')[] = [];
  #asked: (Asked & { filled: Uint8Array[] })[] = [];
  readonly #answer: (command: { code: number; transactionId: number }) => readonly Burst[];

  constructor(answer: (command: { code: number; transactionId: number }) => readonly Burst[]) {
    this.#answer = answer;
  }

  get pendingReads(): number {
    return this.#asked.length;
  }

  send(bursts: readonly Burst[]): void {
    for (const burst of bursts) {
      if (typeof burst === 'string') this.#packets.push(burst);
      else
        for (let at = 0; at < burst.bytes.length || at === 0; at += this.packetSize)
          this.#packets.push(burst.bytes.subarray(at, at + this.packetSize));
    }
    this.#pump();
  }

  read(length: number): PendingRead {
    const { promise: done, resolve, reject } = Promise.withResolvers<Uint8Array>();
    done.catch(() => undefined);
    const asked = { length, resolve, reject, filled: [] };
    this.#asked.push(asked);
    this.#pump();
    const cancel = () => {
      if (!this.#asked.includes(asked)) return;
      this.#asked = this.#asked.filter((other) => other !== asked);
      reject(new PipeError('cancelled'));
    };
    return { length, done, cancel };
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.written.push(Buffer.from(bytes));
    if (bytes.length < 12 || bytes[4] !== 1) return;
    this.send(this.#answer(readHeader(bytes)));
  }

  clearHalt(direction: 'in' | 'out'): Promise<void> {
    this.log.push(`clear-halt ${direction}`);
    if (this.#packets[0] === 'stall') this.#packets.shift();
    this.#pump();
    return Promise.resolve();
  }

  sendCancel(transactionId: number): Promise<void> {
    this.log.push(`cancel ${transactionId}`);
    return Promise.resolve();
  }

  deviceStatus(): Promise<number> {
    this.log.push('status');
    return Promise.resolve(this.statuses.shift() ?? 0x2001);
  }

  resetDevice(): Promise<void> {
    this.log.push('reset');
    return Promise.resolve();
  }

  #pump(): void {
    while (this.#asked.length > 0 && this.#packets.length > 0) {
      const asked = this.#asked[0]!;
      const packet = this.#packets[0]!;
      if (packet === 'stall' || packet === 'gone') {
        this.#asked.shift();
        asked.reject(new PipeError(packet));
        if (packet === 'stall') return;
        continue;
      }
      this.#packets.shift();
      asked.filled.push(packet);
      const filled = asked.filled.reduce((sum, { length }) => sum + length, 0);
      if (packet.length < this.packetSize || filled >= asked.length) {
        this.#asked.shift();
        asked.resolve(Buffer.concat(asked.filled));
      }
    }
  }
}
