import type { PtpRequest } from './transport.ts';

/** Every container begins with length, type, code and transaction id, little endian (PIMA 15740:2000 annex D.7.1). */
export const HEADER_BYTES = 12;
/** The length of a data container whose sender does not know it, or that does not fit 32 bits. */
export const UNKNOWN_LENGTH = 0xffff_ffff;
const MOST_PARAMETERS = 5;

export const CONTAINER = { command: 1, data: 2, response: 3, event: 4 } as const;

export interface ContainerHeader {
  /** Of the whole container, header included. */
  readonly length: number;
  readonly type: number;
  readonly code: number;
  readonly transactionId: number;
}

/** A container without payload but parameters: response or event. */
export interface ParameterContainer extends ContainerHeader {
  readonly parameters: readonly number[];
}

function header(length: number, type: number, code: number, transactionId: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt16LE(code, 6);
  bytes.writeUInt32LE(transactionId, 8);
  return bytes;
}

export function commandContainer({ code, parameters }: PtpRequest, transactionId: number): Buffer {
  if (parameters.length > MOST_PARAMETERS) throw new RangeError('an operation has at most five parameters');
  const bytes = header(HEADER_BYTES + 4 * parameters.length, CONTAINER.command, code, transactionId);
  for (const [index, parameter] of parameters.entries()) bytes.writeUInt32LE(parameter >>> 0, HEADER_BYTES + 4 * index);
  return bytes;
}

export function dataContainer(code: number, transactionId: number, payload: Uint8Array): Buffer {
  const bytes = header(HEADER_BYTES, CONTAINER.data, code, transactionId);
  bytes.writeUInt32LE(HEADER_BYTES + payload.length, 0);
  return Buffer.concat([bytes, payload]);
}

/** @param bytes at least `HEADER_BYTES` */
export function readHeader(bytes: Uint8Array): ContainerHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    length: view.getUint32(0, true),
    type: view.getUint16(4, true),
    code: view.getUint16(6, true),
    transactionId: view.getUint32(8, true),
  };
}

/** Response or event in exactly these bytes; null when they are none. Bodies pad: more than five parameters' bytes are ignored. */
export function readParameterContainer(bytes: Uint8Array): ParameterContainer | null {
  if (bytes.length < HEADER_BYTES) return null;
  const head = readHeader(bytes);
  if (head.type !== CONTAINER.response && head.type !== CONTAINER.event) return null;
  if (head.length < HEADER_BYTES) return null;
  const end = Math.min(head.length, bytes.length, HEADER_BYTES + 4 * MOST_PARAMETERS);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parameters: number[] = [];
  for (let at = HEADER_BYTES; at + 4 <= end; at += 4) parameters.push(view.getUint32(at, true));
  return { ...head, parameters };
}
