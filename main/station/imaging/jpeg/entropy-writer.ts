/** Writes bits as entropy-coded data, with a 0 after each 0xFF. */
export class EntropyWriter {
  #bytes: Uint8Array;
  #length: number;
  #bits = 0;
  #count = 0;

  /** @param head what comes before the entropy-coded data */
  constructor(head: Uint8Array, expectedBytes: number) {
    this.#bytes = new Uint8Array(head.length + expectedBytes + 1024);
    this.#bytes.set(head);
    this.#length = head.length;
  }

  /** Makes room for one more block: 64 times 27 bits, each byte perhaps stuffed. */
  reserveBlock(): void {
    if (this.#bytes.length - this.#length >= 512) return;
    const larger = new Uint8Array(Math.ceil(this.#bytes.length * 1.1) + 4096);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  /** @param size 0..16, and the value fits in so many bits */
  put(value: number, size: number): void {
    this.#bits = (this.#bits << size) | value;
    this.#count += size;
    while (this.#count >= 8) {
      this.#count -= 8;
      const byte = (this.#bits >>> this.#count) & 255;
      this.#bytes[this.#length++] = byte;
      if (byte === 0xff) this.#bytes[this.#length++] = 0;
    }
  }

  /** Fills the last byte with ones and adds `tail` (the EOI). */
  finish(tail: Uint8Array): Uint8Array {
    this.reserveBlock();
    if (this.#count > 0) this.put((1 << (8 - this.#count)) - 1, 8 - this.#count);
    this.#bytes.set(tail, this.#length);
    return this.#bytes.slice(0, this.#length + tail.length);
  }
}
