/**
 * A bare PTP client on usb 2.18, run behind the rig's `launch`: it knows nothing of what a good client does about trouble and tells what it sees. Lines of JSON in
 * (`{"do":"open"}`), lines of JSON out. It is also the measure of the raw transport.
 */
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { usb, getDeviceList } from 'usb';
import type { Device, Endpoint, InEndpoint, Interface, OutEndpoint } from 'usb';

interface Command {
  readonly do: 'list' | 'open' | 'close' | 'transact' | 'listen' | 'cancel' | 'clear-halt' | 'string';
  readonly vendor?: number;
  readonly code?: number;
  readonly parameters?: number[];
  /** Bytes of one read. */
  readonly buffer?: number;
  /** Milliseconds without a byte. */
  readonly idle?: number;
  readonly index?: number;
}

const ptpClass = 6;
let device: Device | undefined;
let claimed: Interface | undefined;
let transaction = 0;

function say(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Attach and detach name the vendor; hubs and others are there too. */
usb.on('attach', (one) => say({ event: 'attach', vendor: one.deviceDescriptor.idVendor }));
usb.on('detach', (one) => say({ event: 'detach', vendor: one.deviceDescriptor.idVendor }));

function endpoint(address: number): Endpoint {
  const found = claimed?.endpoints.find((one) => one.address === address);
  if (found === undefined) throw new Error('not open');
  return found;
}

function write(bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    (endpoint(0x02) as OutEndpoint).transfer(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** One read; ends itself after `idle` (usb 2.18 does not keep its own timeouts: devices.md 5.7). */
function read(length: number, idle: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.alloc(length);
    let timer: NodeJS.Timeout | undefined = undefined;
    const transfer = endpoint(0x81).makeTransfer(0, (error, _data, actual) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve(buffer.subarray(0, actual));
    });
    timer = setTimeout(() => transfer.cancel(), idle);
    transfer.submit(buffer);
  });
}

async function transact(command: Command): Promise<object> {
  const parameters = command.parameters ?? [];
  const own = command.code === 0x1002 ? (transaction = 0) : ++transaction;
  const request = Buffer.alloc(12 + 4 * parameters.length);
  request.writeUInt32LE(request.length, 0);
  request.writeUInt16LE(1, 4);
  request.writeUInt16LE(command.code ?? 0, 6);
  request.writeUInt32LE(own, 8);
  parameters.forEach((value, index) => request.writeUInt32LE(value, 12 + 4 * index));
  const hash = createHash('sha256');
  let size = 0;
  let announced: number | undefined;
  const reads: number[] = [];
  let start = Buffer.alloc(0);
  const seen = () => ({
    size,
    announced,
    sha256: hash.copy().digest('hex'),
    start: start.toString('hex'),
    reads: reads.slice(0, 6),
    count: reads.length,
  });
  try {
    await write(request);
    let inData = false;
    for (;;) {
      let piece = await read(command.buffer ?? 1 << 17, command.idle ?? 20_000);
      reads.push(piece.length);
      if (!inData && piece.length >= 12 && piece.readUInt16LE(4) === 2) {
        inData = true;
        announced = piece.readUInt32LE(0);
        if (piece.readUInt32LE(8) !== own) return { error: 'transaction', ...seen() };
        piece = piece.subarray(12);
      } else if (piece.length >= 12 && piece.readUInt16LE(4) === 3 && piece.readUInt32LE(0) === piece.length) {
        if (piece.readUInt32LE(8) !== own) return { error: 'transaction', ...seen() };
        const answers = Array.from({ length: (piece.length - 12) / 4 }, (_, index) =>
          piece.readUInt32LE(12 + 4 * index),
        );
        return { code: piece.readUInt16LE(6), parameters: answers, ...seen() };
      } else if (!inData) {
        return { error: 'header', ...seen() };
      }
      if (start.length < 65_536) start = Buffer.concat([start, piece.subarray(0, 65_536)]);
      hash.update(piece);
      size += piece.length;
    }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), ...seen() };
  }
}

const acts: Readonly<Record<Command['do'], (command: Command) => Promise<object> | object>> = {
  list: () => ({
    devices: getDeviceList().map((one) => ({
      vendor: one.deviceDescriptor.idVendor,
      product: one.deviceDescriptor.idProduct,
    })),
  }),
  open(command) {
    device = getDeviceList().find((one) => one.deviceDescriptor.idVendor === command.vendor);
    if (device === undefined) return { error: 'not there' };
    device.open();
    claimed = device.interface(0);
    claimed.claim();
    const { bInterfaceClass } = claimed.descriptor;
    return { open: true, ptp: bInterfaceClass === ptpClass };
  },
  close() {
    device?.close();
    device = claimed = undefined;
    return { closed: true };
  },
  transact,
  listen() {
    const next = () => {
      (endpoint(0x83) as InEndpoint).transfer(64, (error, data) => {
        if (error) return say({ event: 'deaf', error: error.message });
        if (data !== undefined && data.length >= 12) {
          say({ event: 'ptp', code: data.readUInt16LE(6), parameter: data.length >= 16 ? data.readUInt32LE(12) : 0 });
        }
        next();
      });
    };
    next();
    return { listening: true };
  },
  cancel: () =>
    new Promise((resolve) => {
      const body = Buffer.alloc(6);
      body.writeUInt16LE(0x4001, 0);
      body.writeUInt32LE(transaction, 2);
      device?.controlTransfer(0x21, 0x64, 0, 0, body, (error) => resolve({ cancelled: error === undefined }));
    }),
  'clear-halt': () =>
    new Promise((resolve) =>
      (endpoint(0x81) as InEndpoint).clearHalt((error) => resolve({ cleared: error === undefined })),
    ),
  string: (command) =>
    new Promise((resolve) => device?.getStringDescriptor(command.index ?? 0, (_error, text) => resolve({ text }))),
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line) as Command;
    void Promise.resolve()
      .then(() => acts[command.do](command))
      .catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }))
      .then((value) => say({ answer: value }));
  })
  .on('close', () => process.exit(0));
say({ event: 'ready' });
