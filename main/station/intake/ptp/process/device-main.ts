import { HEADER_BYTES, readParameterContainer } from '../containers.ts';
import { frame, frameHead, FROM_DEVICE, FrameReader, numbers, readNumbers, TO_DEVICE } from '../frames.ts';
import { PtpTransportError, transportError, type PtpRequest } from '../transport.ts';
import { Transactions } from './transactions.ts';
import { UsbPipe } from './usb-pipe.ts';

// The process of one PTP device: libusb lives here, so that a crash of native code or a device that hangs ends one lane and no more.
// Arguments: key of the device, number of the interface, address on the bus (empty: any).

const MOST_DATA_BYTES = 256 * 1024;
const UNKNOWN = 0xffff_ffff;

const [key = '', interfaceNumber = '0', address = ''] = process.argv.slice(2);
let pipe: UsbPipe | null = null;
let transactions: Transactions | null = null;
let running: { readonly id: number; readonly abort: AbortController } | null = null;
let turn: Promise<void> = Promise.resolve();
let isClosing = false;

/** Writes to a pipe wait until the station takes them (Linux, macOS); elsewhere `drain` says when. */
function send(...parts: readonly Uint8Array[]): Promise<void> | undefined {
  const isTaken = parts.map((part) => process.stdout.write(part)).at(-1);
  if (isTaken) return undefined;
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}

function sendJson(kind: number, value: unknown): void {
  void send(frame(kind, Buffer.from(JSON.stringify(value))));
}

async function transact(payload: Uint8Array): Promise<void> {
  const [id = 0, idleMs = 0, code = 0, count = 0, hasData = 0] = readNumbers(payload.subarray(0, 20));
  const end = 20 + 4 * Math.min(5, count);
  const parameters = readNumbers(payload.subarray(20, end));
  const request: PtpRequest = { code, parameters, ...(hasData === 1 && { dataOut: payload.subarray(end) }) };
  const abort = new AbortController();
  running = { id, abort };
  try {
    const response = await transactions!.run(request, {
      signal: abort.signal,
      ...(idleMs > 0 && { idleMs }),
      onData: async (piece, announced) => {
        // What 32 bits cannot say is told as unknown, like the container itself does.
        const head = numbers(id, announced ?? UNKNOWN);
        for (let at = 0; at < piece.length; at += MOST_DATA_BYTES) {
          const part = piece.subarray(at, at + MOST_DATA_BYTES);
          await send(Buffer.concat([frameHead(FROM_DEVICE.data, 8 + part.length), head]), part);
        }
      },
    });
    await send(frame(FROM_DEVICE.response, numbers(id, response.code, ...response.parameters)));
  } catch (error) {
    fail(id, error);
  } finally {
    running = null;
  }
}

function fail(id: number, error: unknown): void {
  const { code, details } = transportError(error);
  sendJson(FROM_DEVICE.failure, { id, code, details });
  if (code === 'device-gone') void send(frame(FROM_DEVICE.gone));
}

async function reset(id: number): Promise<void> {
  try {
    await transactions!.reset();
    await send(frame(FROM_DEVICE.response, numbers(id, 0x2001)));
  } catch (error) {
    fail(id, error);
  }
}

async function close(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  // A native call that does not come back must not keep a process without use.
  setTimeout(() => process.exit(0), 3000).unref();
  running?.abort.abort();
  await turn;
  await pipe?.close();
  process.exit(0);
}

function take(kind: number, payload: Uint8Array): void {
  if (kind === TO_DEVICE.transact) turn = turn.then(() => transact(payload));
  else if (kind === TO_DEVICE.reset) turn = turn.then(() => reset(readNumbers(payload)[0] ?? 0));
  else if (kind === TO_DEVICE.cancel) {
    if (running?.id === readNumbers(payload)[0]) running?.abort.abort();
  } else if (kind === TO_DEVICE.close) void close();
}

try {
  pipe = await UsbPipe.open(key, address === '' ? null : Number(address), Number(interfaceNumber));
  transactions = new Transactions(pipe);
  pipe.listen(
    (bytes) => {
      const event = bytes.length >= HEADER_BYTES ? readParameterContainer(bytes) : null;
      if (event) void send(frame(FROM_DEVICE.event, numbers(event.code, event.transactionId, ...event.parameters)));
    },
    () => void send(frame(FROM_DEVICE.gone)),
  );
  sendJson(FROM_DEVICE.opened, { packetSize: pipe.packetSize });
} catch (error) {
  fail(0, error instanceof PtpTransportError ? error : new PtpTransportError('device-io'));
  await close();
}

const reader = new FrameReader();
process.stdin.on('data', (chunk: Buffer) => {
  for (const { kind, payload } of reader.push(chunk)) take(kind, Uint8Array.from(payload));
});
process.stdin.on('end', () => void close());
process.stdin.on('error', () => void close());
process.stdout.on('error', () => void close());
