import type { z } from 'zod';

import { HeaderSchema } from './answers.ts';
import { MOST_HEADER_BYTES, MOST_PART_BYTES } from './protocol.ts';

export type Received = { header: z.infer<typeof HeaderSchema>; parts: Buffer[] };

/** Puts answers together from the pieces a pipe gives. Throws on anything that is not an answer. */
export class AnswerReader {
  readonly #onAnswer: (received: Received) => void;
  #buffer: Buffer = Buffer.allocUnsafe(4);
  #filled = 0;
  #state: 'length' | 'header' | 'part' = 'length';
  #header: Received['header'] | null = null;
  #parts: Buffer[] = [];

  constructor(onAnswer: (received: Received) => void) {
    this.#onAnswer = onAnswer;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const take = Math.min(chunk.length - at, this.#buffer.length - this.#filled);
      this.#buffer.set(chunk.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      while (this.#filled === this.#buffer.length) this.#next();
    }
  }

  #next(): void {
    if (this.#state === 'length') {
      const length = this.#buffer.readUInt32BE(0);
      if (length === 0 || length > MOST_HEADER_BYTES) throw new Error('answer of impossible length');
      this.#expect('header', length);
      return;
    }
    if (this.#state === 'header') {
      this.#header = HeaderSchema.parse(JSON.parse(this.#buffer.toString()));
      this.#parts = [];
      if (this.#header.parts.reduce((sum, length) => sum + length, 0) > MOST_PART_BYTES)
        throw new Error('answer too large');
    } else {
      this.#parts.push(this.#buffer);
    }
    const next = this.#header!.parts[this.#parts.length];
    if (next !== undefined) {
      this.#expect('part', next);
      return;
    }
    const received = { header: this.#header!, parts: this.#parts };
    this.#expect('length', 4);
    this.#onAnswer(received);
  }

  #expect(state: 'length' | 'header' | 'part', length: number): void {
    this.#state = state;
    this.#buffer = state === 'part' ? Buffer.allocUnsafeSlow(length) : Buffer.allocUnsafe(length);
    this.#filled = 0;
  }
}
