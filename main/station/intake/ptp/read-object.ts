import { errorCode } from '../../../../shared/domain/errors.ts';
import type { PtpClient } from './client.ts';
import { PtpDataError, PtpResponseError } from './errors.ts';
import { OPERATION, RESPONSE } from './operations.ts';
import type { PtpRequest } from './transport.ts';
import { PRIORITY } from './turns.ts';

const MEBI = 1024 * 1024;
const PIECE_BYTES = MEBI;
/** Up to here an object comes in one transaction. */
const WHOLE_BYTES = 8 * MEBI;
const PART_BYTES = 4 * MEBI;
/** Pieces of a whole read that wait for whoever takes them. */
const MOST_WAITING_BYTES = 4 * MEBI;
const IDLE_MS = 30_000;
/** Of a bulk packet of high speed, and of a container's header: what `avoidWholeLastPacket` is about. */
const PACKET_BYTES = 512;
const HEADER_BYTES = 12;
const BEYOND_32_BITS = 0x1_0000_0000;

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Longer objects are read in parts, bytes. Tests force parts of small ones. */
  readonly wholeBytes?: number;
  readonly partBytes?: number;
}

/**
 * The bytes of an object, in order, in pieces of at most 1 MiB. Large ones come in parts where the device can: other operations go in between, and
 * a transfer that fails is asked for again at its offset.
 * @param size as ObjectInfo told it; anything else that comes is refused
 * @throws PtpDataError `device-short-data`, `device-size-differs`; PtpResponseError; PtpTransportError
 */
export async function* readObject(
  client: PtpClient,
  handle: number,
  size: number,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  const { wholeBytes = WHOLE_BYTES } = options;
  if (size > wholeBytes) {
    const partRequest = partRequestOf(client, size);
    const first = partRequest && (await firstPart(client, handle, size, partRequest, options));
    if (first) {
      yield* inParts(client, handle, size, partRequest, first, options);
      return;
    }
    yield* streamed(client, handle, size, options);
    return;
  }
  const { data } = await client.operate(
    { code: OPERATION.getObject, parameters: [handle] },
    { priority: PRIORITY.read, most: size + PIECE_BYTES, idleMs: IDLE_MS, ...withSignal(options) },
  );
  compare(size, data.length);
  yield* pieces(data);
}

type PartRequest = (handle: number, offset: number, bytes: number) => PtpRequest;

const low = (value: number) => value % BEYOND_32_BITS;
const high = (value: number) => Math.floor(value / BEYOND_32_BITS);

/** The best way to ask for a part that the device offers; null: none that reaches this far. */
function partRequestOf(client: PtpClient, size: number): PartRequest | null {
  const { androidGetPartialObject64, nikonGetPartialObjectEx, canonGetPartialObject64, getPartialObject } = OPERATION;
  if (client.supports(androidGetPartialObject64))
    return (handle, offset, bytes) => ({
      code: androidGetPartialObject64,
      parameters: [handle, low(offset), high(offset), bytes],
    });
  if (client.supports(nikonGetPartialObjectEx))
    return (handle, offset, bytes) => ({
      code: nikonGetPartialObjectEx,
      parameters: [handle, low(offset), high(offset), bytes, 0],
    });
  if (client.supports(canonGetPartialObject64))
    return (handle, offset, bytes) => ({
      code: canonGetPartialObject64,
      parameters: [handle, low(offset), high(offset), bytes],
    });
  if (client.supports(getPartialObject) && size < BEYOND_32_BITS)
    return (handle, offset, bytes) => ({ code: getPartialObject, parameters: [handle, offset, bytes] });
  return null;
}

/** Null when the device offers parts and then does not give any: it is asked for the whole. */
async function firstPart(
  client: PtpClient,
  handle: number,
  size: number,
  request: PartRequest,
  options: ReadOptions,
): Promise<Uint8Array | null> {
  try {
    return await part(client, request, handle, 0, size, options);
  } catch (error) {
    const isRefused =
      error instanceof PtpResponseError &&
      [RESPONSE.notSupported, RESPONSE.invalidParameter].some((code) => code === error.response);
    if (isRefused) return null;
    throw error;
  }
}

async function* inParts(
  client: PtpClient,
  handle: number,
  size: number,
  request: PartRequest,
  first: Uint8Array,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const { session } = client;
  let offset = first.length;
  let current = first;
  while (current.length > 0) {
    const nextOffset = offset;
    // The next part comes while this one is taken.
    const next = nextOffset < size ? part(client, request, handle, nextOffset, size, options) : null;
    next?.catch(() => undefined);
    yield* pieces(current);
    if (next === null) break;
    current = await next;
    if (client.session !== session) throw new PtpResponseError(OPERATION.getPartialObject, RESPONSE.sessionNotOpen);
    offset += current.length;
  }
  compare(size, offset);
  // Parts never show more than was asked for: an object that grew, or never had this size, shows here.
  const now = await client.objectInfo(handle, { priority: PRIORITY.read, ...withSignal(options) });
  if (now.size !== size) throw new PtpDataError('device-size-differs', size, now.size);
}

async function part(
  client: PtpClient,
  request: PartRequest,
  handle: number,
  offset: number,
  size: number,
  options: ReadOptions,
): Promise<Uint8Array> {
  const bytes = partLength(size - offset, options.partBytes ?? PART_BYTES, client.quirks.avoidWholeLastPacket);
  const { data } = await client
    .operate(request(handle, offset, bytes), {
      priority: PRIORITY.read,
      most: bytes,
      idleMs: IDLE_MS,
      ...withSignal(options),
    })
    .catch((error: unknown) => {
      throw errorCode(error) === 'device-too-much-data'
        ? new PtpDataError('device-size-differs', bytes, bytes + 1)
        : error;
    });
  if (data.length === 0) throw new PtpDataError('device-short-data', size, offset);
  return data;
}

/** @internal exported for its test */
export function partLength(left: number, most: number, avoidWholeLastPacket: boolean): number {
  const bytes = Math.min(left, most);
  const isWhole = (bytes + HEADER_BYTES) % PACKET_BYTES === 0;
  return avoidWholeLastPacket && isWhole && bytes > 1 ? bytes - 1 : bytes;
}

/** A large object in one transaction: the device waits while nobody takes its bytes. */
async function* streamed(
  client: PtpClient,
  handle: number,
  size: number,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let received = 0;
  let wakeTaker = () => undefined as void;
  let wakeGiver = () => undefined as void;
  let hasEnded = false;
  const transfer = client
    .operate(
      { code: OPERATION.getObject, parameters: [handle] },
      {
        priority: PRIORITY.read,
        signal,
        idleMs: IDLE_MS,
        onData: async (piece, announced) => {
          if (announced !== null && announced !== size && size < BEYOND_32_BITS - HEADER_BYTES)
            throw new PtpDataError(announced < size ? 'device-short-data' : 'device-size-differs', size, announced);
          received += piece.length;
          if (received > size) throw new PtpDataError('device-size-differs', size, received);
          waiting.push(piece);
          waitingBytes += piece.length;
          wakeTaker();
          const isFull = () => waitingBytes > MOST_WAITING_BYTES && !signal.aborted;
          while (isFull()) await new Promise<void>((resolve) => (wakeGiver = resolve));
        },
      },
    )
    .finally(() => {
      hasEnded = true;
      wakeTaker();
    });
  transfer.catch(() => undefined);
  signal.addEventListener('abort', () => wakeGiver(), { once: true });
  try {
    for (;;) {
      const piece = waiting.shift();
      if (piece) {
        waitingBytes -= piece.length;
        wakeGiver();
        yield* pieces(piece);
      } else if (hasEnded) break;
      else await new Promise<void>((resolve) => (wakeTaker = resolve));
    }
    await transfer;
    compare(size, received);
  } finally {
    abort.abort();
    await transfer.catch(() => undefined);
  }
}

function compare(size: number, received: number): void {
  if (received < size) throw new PtpDataError('device-short-data', size, received);
  if (received > size) throw new PtpDataError('device-size-differs', size, received);
}

function* pieces(data: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < data.length; at += PIECE_BYTES) yield data.subarray(at, at + PIECE_BYTES);
}

function withSignal({ signal }: ReadOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}
