import { CONTAINER, HEADER_BYTES, readHeader, readParameterContainer, UNKNOWN_LENGTH } from '../containers.ts';
import { PtpTransportError, type PtpResponse } from '../transport.ts';

export interface DataSink {
  /** @param announced payload bytes the header promises; null: unknown */
  data(piece: Uint8Array, announced: number | null): void;
}

interface Payload {
  left: number | null;
  readonly isOurs: boolean;
  readonly announced: number | null;
  received: number;
  /** What arrived last ended with a short packet: what comes next may be the response already. */
  afterShort: boolean;
}

/** Longest response: header and five parameters. */
const MOST_RESPONSE_BYTES = HEADER_BYTES + 20;

/**
 * Joins what the bulk pipe of one transaction delivers into its data and its response. What devices differ in: the header in the same
 * packet as the data or in one of its own; a zero-length packet after a multiple of the packet size, or none, so that the response comes in
 * the same transfer; data of unknown length, that ends with a short packet; less data than promised; containers of an older transaction
 * that was cancelled, which are passed over.
 */
export class ContainerJoiner {
  readonly #transactionId: number;
  readonly #packetSize: number;
  readonly #sink: DataSink;
  /** Begin of a container that is not complete yet: shorter than a response. */
  #begun: Uint8Array = new Uint8Array(0);
  /** The data container that is being received. `left` null: until a short packet. */
  #payload: Payload | null = null;
  #response: PtpResponse | null = null;
  #staleContainers = 0;
  #foreignData = false;
  #ownData = false;

  /** @param packetSize of the bulk-in endpoint, bytes */
  constructor(transactionId: number, packetSize: number, sink: DataSink) {
    this.#transactionId = transactionId;
    this.#packetSize = packetSize;
    this.#sink = sink;
  }

  get response(): PtpResponse | null {
    return this.#response;
  }

  /** Bytes of data still to come; null: unknown, until a short packet; 0: a container begins next. */
  get wanted(): number | null {
    return this.#payload ? this.#payload.left : 0;
  }

  get isInData(): boolean {
    return this.#payload !== null;
  }

  /** Data of another transaction came, and none of this one. */
  get hasLostData(): boolean {
    return this.#foreignData && !this.#ownData;
  }

  get staleContainers(): number {
    return this.#staleContainers;
  }

  /**
   * Takes what one read delivered.
   * @param endedShort the read ended with a packet shorter than the endpoint's, so what the device sent at once ended here
   * @throws PtpTransportError `device-protocol`
   */
  push(chunk: Uint8Array, endedShort: boolean): void {
    let rest = chunk;
    while (rest.length > 0 && this.#response === null) {
      rest = this.#payload ? this.#takePayload(rest, endedShort) : this.#takeHead(rest, endedShort);
    }
    if (endedShort && this.#payload) this.#shortPacket(this.#payload, chunk.length);
    if (endedShort && this.#begun.length > 0) throw new PtpTransportError('device-protocol', { what: 'cut-header' });
  }

  /** A short packet ends data whose length is unknown, but for a header in a packet of its own; where more was promised the next packet tells. */
  #shortPacket(payload: Payload, length: number): void {
    payload.afterShort = true;
    const hasEnded = payload.received > 0 || length === 0;
    if (hasEnded && (payload.left === null || !payload.isOurs)) this.#payload = null;
  }

  #takeHead(chunk: Uint8Array, endedShort: boolean): Uint8Array {
    const bytes = this.#begun.length > 0 ? Buffer.concat([this.#begun, chunk]) : chunk;
    this.#begun = new Uint8Array(0);
    if (bytes.length < HEADER_BYTES) return this.#keep(bytes);
    const head = readHeader(bytes);
    if (head.length < HEADER_BYTES) throw new PtpTransportError('device-protocol', { what: 'container-length' });
    const isOurs = head.transactionId === this.#transactionId;
    if (head.type === CONTAINER.data) {
      const announced = head.length === UNKNOWN_LENGTH ? null : head.length - HEADER_BYTES;
      if (isOurs) this.#ownData = true;
      else {
        this.#foreignData = true;
        this.#staleContainers++;
      }
      this.#payload = { left: announced, isOurs, announced, received: 0, afterShort: false };
      if (announced === 0) this.#payload = null;
      return bytes.subarray(HEADER_BYTES);
    }
    if (head.type !== CONTAINER.response && head.type !== CONTAINER.event)
      throw new PtpTransportError('device-protocol', { what: 'container-type' });
    if (head.length > MOST_RESPONSE_BYTES) throw new PtpTransportError('device-protocol', { what: 'response-length' });
    if (bytes.length < head.length && !endedShort) return this.#keep(bytes);
    const container = readParameterContainer(bytes.subarray(0, head.length));
    if (container?.type === CONTAINER.response && isOurs)
      this.#response = { code: container.code, parameters: container.parameters };
    else this.#staleContainers++;
    return bytes.subarray(Math.min(head.length, bytes.length));
  }

  #keep(bytes: Uint8Array): Uint8Array {
    this.#begun = Uint8Array.from(bytes);
    return new Uint8Array(0);
  }

  #takePayload(chunk: Uint8Array, endedShort: boolean): Uint8Array {
    const payload = this.#payload!;
    if (payload.left === null) {
      const end = endedShort ? this.#responseAtTheEnd(chunk, payload.received) : chunk.length;
      this.#deliver(chunk.subarray(0, end));
      if (end < chunk.length) this.#payload = null;
      return chunk.subarray(end);
    }
    // Less data came than was promised: the response stands where it should go on.
    if (payload.afterShort && endedShort && this.#isOurResponse(chunk) && chunk.length !== payload.left) {
      this.#payload = null;
      return chunk;
    }
    payload.afterShort = false;
    const taken = Math.min(payload.left, chunk.length);
    this.#deliver(chunk.subarray(0, taken));
    payload.left -= taken;
    if (payload.left === 0) this.#payload = null;
    return chunk.subarray(taken);
  }

  #deliver(piece: Uint8Array): void {
    const payload = this.#payload!;
    payload.received += piece.length;
    if (payload.isOurs && piece.length > 0) this.#sink.data(piece, payload.announced);
  }

  /** Where data of unknown length without a zero-length packet ends: its response then stands in the same transfer, behind whole packets. */
  #responseAtTheEnd(chunk: Uint8Array, received: number): number {
    for (let length = HEADER_BYTES; length <= MOST_RESPONSE_BYTES && length <= chunk.length; length += 4) {
      const at = chunk.length - length;
      const isBehindWholePackets =
        (received + at) % this.#packetSize === 0 || (HEADER_BYTES + received + at) % this.#packetSize === 0;
      if (isBehindWholePackets && this.#isOurResponse(chunk.subarray(at))) return at;
    }
    return chunk.length;
  }

  #isOurResponse(bytes: Uint8Array): boolean {
    if (bytes.length < HEADER_BYTES || bytes.length > MOST_RESPONSE_BYTES) return false;
    const head = readHeader(bytes);
    return (
      head.type === CONTAINER.response && head.transactionId === this.#transactionId && head.length === bytes.length
    );
  }
}
