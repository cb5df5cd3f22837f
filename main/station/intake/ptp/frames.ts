/**
 * What the station and the process of a device say to each other, over its stdin and stdout: u32 length of what follows
 * (little endian), u8 kind, payload. Any program that speaks this may stand in for that process.
 */
export const TO_DEVICE = { transact: 1, cancel: 2, reset: 3, close: 4 } as const;
export const FROM_DEVICE = { opened: 1, data: 2, response: 3, failure: 4, event: 5, gone: 6 } as const;

/** Neither side accepts a longer frame. */
export const MOST_FRAME_BYTES = 1024 * 1024 + 64;
const HEAD_BYTES = 5;

export interface Frame {
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** The head of a frame whose payload has this length: it can be written in front without copying the payload. */
export function frameHead(kind: number, payloadBytes: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(payloadBytes + 1, 0);
  head.writeUInt8(kind, 4);
  return head;
}

export function frame(kind: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  return Buffer.concat([frameHead(kind, payload.length), payload]);
}

/** A list of 32-bit numbers as payload. */
export function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, 4 * index);
  return bytes;
}

export function readNumbers(payload: Uint8Array): number[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return Array.from({ length: Math.floor(payload.length / 4) }, (_, index) => view.getUint32(4 * index, true));
}

/** Cuts a byte stream into frames. */
export class FrameReader {
  #parts: Buffer[] = [];
  #held = 0;

  /** @throws RangeError for a frame without kind or longer than allowed */
  *push(chunk: Buffer): Generator<Frame> {
    this.#parts.push(chunk);
    this.#held += chunk.length;
    while (this.#held >= 4) {
      if (this.#parts[0]!.length < HEAD_BYTES) this.#join();
      const length = this.#parts[0]!.readUInt32LE(0);
      if (length < 1 || length > MOST_FRAME_BYTES) throw new RangeError('a frame of impossible length');
      if (this.#held < 4 + length) return;
      if (this.#parts[0]!.length < 4 + length) this.#join();
      const first = this.#parts[0]!;
      yield { kind: first[4]!, payload: first.subarray(HEAD_BYTES, 4 + length) };
      this.#held -= 4 + length;
      if (first.length === 4 + length) this.#parts.shift();
      else this.#parts[0] = first.subarray(4 + length);
    }
  }

  #join(): void {
    this.#parts = [Buffer.concat(this.#parts)];
  }
}
