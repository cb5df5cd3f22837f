import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { usb } from 'usb';
import type { Device, Endpoint, InEndpoint, Interface, OutEndpoint } from 'usb';
import { PtpTransportError } from '../transport.ts';
import { PipeError, type BulkPipe, type PendingRead } from './bulk-pipe.ts';

const CLASS_REQUEST_TO_INTERFACE = 0x21;
const CLASS_REQUEST_FROM_INTERFACE = 0xa1;
/** Cancel carries this code and the transaction (PIMA 15740 USB, D.5.2.1). */
const CANCEL_CODE = 0x4001;
const CONTROL_LIMIT_MS = 1500;
/** udev gives permission a moment after the device appears. */
const OPEN_ATTEMPTS = 6;
const OPEN_PAUSE_MS = 200;
const EVENT_BYTES = 32;

/** The pipes of a PTP interface over libusb (usb 2.18). */
export class UsbPipe implements BulkPipe {
  readonly packetSize: number;
  readonly outPacketSize: number;
  readonly #device: Device;
  readonly #interface: Interface;
  readonly #in: InEndpoint;
  readonly #out: OutEndpoint;
  readonly #interrupt: InEndpoint | null;
  #isClosing = false;
  #endEvents: () => void = () => undefined;

  private constructor(device: Device, claimed: Interface) {
    const bulk = (direction: Endpoint['direction']) =>
      claimed.endpoints.find(
        (endpoint) => endpoint.direction === direction && endpoint.transferType === usb.LIBUSB_TRANSFER_TYPE_BULK,
      );
    const [bulkIn, bulkOut] = [bulk('in'), bulk('out')];
    if (!bulkIn || !bulkOut) throw new PtpTransportError('device-protocol', { what: 'endpoints' });
    this.#device = device;
    this.#interface = claimed;
    this.#in = bulkIn as InEndpoint;
    this.#out = bulkOut as OutEndpoint;
    const interrupt = claimed.endpoints.find(
      ({ direction, transferType }) => direction === 'in' && transferType === usb.LIBUSB_TRANSFER_TYPE_INTERRUPT,
    );
    this.#interrupt = (interrupt as InEndpoint | undefined) ?? null;
    this.packetSize = bulkIn.descriptor.wMaxPacketSize & 0x7ff || 512;
    this.outPacketSize = bulkOut.descriptor.wMaxPacketSize & 0x7ff || 512;
    device.timeout = CONTROL_LIMIT_MS;
  }

  /**
   * Opens a device and takes its interface, from a kernel driver if need be.
   * @param key bus and port path, as in usb/facts.ts
   * @param address number on the bus; null: whatever is plugged there
   * @throws PtpTransportError `device-gone`, `device-held` (details: bus, address), `device-no-permission`
   */
  static async open(key: string, address: number | null, interfaceNumber: number): Promise<UsbPipe> {
    for (let attempt = 1; ; attempt++) {
      const device = usb
        .getDeviceList()
        .find((other) => keyOf(other) === key && (address === null || other.deviceAddress === address));
      if (!device) throw new PtpTransportError('device-gone');
      try {
        return UsbPipe.#claim(device, interfaceNumber);
      } catch (error) {
        const failure = openFailure(error, device);
        if (failure.code !== 'device-no-permission' || attempt === OPEN_ATTEMPTS) throw failure;
        await delay(OPEN_PAUSE_MS);
      }
    }
  }

  static #claim(device: Device, interfaceNumber: number): UsbPipe {
    device.open();
    try {
      const claimed = device.interface(interfaceNumber);
      try {
        if (claimed.isKernelDriverActive()) claimed.detachKernelDriver();
      } catch (error) {
        if (errnoOf(error) === usb.LIBUSB_ERROR_NO_DEVICE) throw error;
        // Not every system has kernel drivers to take an interface from.
      }
      claimed.claim();
      return new UsbPipe(device, claimed);
    } catch (error) {
      closeQuietly(device);
      throw error;
    }
  }

  read(length: number): PendingRead {
    return this.#submit(this.#in, Buffer.allocUnsafeSlow(length));
  }

  async write(bytes: Uint8Array, limitMs: number): Promise<void> {
    const transfer = this.#submit(this.#out, Buffer.from(bytes));
    const timer = setTimeout(transfer.cancel, limitMs);
    try {
      const written = await transfer.done;
      if (written.length !== bytes.length) throw new PipeError('io');
    } finally {
      clearTimeout(timer);
    }
  }

  async clearHalt(direction: 'in' | 'out'): Promise<void> {
    const endpoint = direction === 'in' ? this.#in : this.#out;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    endpoint.clearHalt((error) => (error ? reject(pipeError(error)) : resolve()));
    await promise;
  }

  async sendCancel(transactionId: number): Promise<void> {
    const data = Buffer.alloc(6);
    data.writeUInt16LE(CANCEL_CODE, 0);
    data.writeUInt32LE(transactionId, 2);
    await this.#control(CLASS_REQUEST_TO_INTERFACE, 0x64, data);
  }

  async deviceStatus(): Promise<number> {
    const answer = await this.#control(CLASS_REQUEST_FROM_INTERFACE, 0x67, 20);
    if (!Buffer.isBuffer(answer) || answer.length < 4) throw new PipeError('io');
    return answer.readUInt16LE(2);
  }

  async resetDevice(): Promise<void> {
    await this.#control(CLASS_REQUEST_TO_INTERFACE, 0x66, Buffer.alloc(0));
  }

  async #control(type: number, request: number, data: number | Buffer): Promise<Buffer | number | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer | number | undefined>();
    this.#device.controlTransfer(type, request, 0, this.#interface.interfaceNumber, data, (error, answer) =>
      error ? reject(pipeError(error)) : resolve(answer),
    );
    // The transfer's own timeout is not kept on every system; whoever waits longer goes on without it.
    const timer = setTimeout(() => reject(new PipeError('io')), 2 * CONTROL_LIMIT_MS);
    return promise.finally(() => clearTimeout(timer));
  }

  /** Reads the interrupt pipe until the device goes or the pipe is closed; one read is pending all the time. */
  listen(onEvent: (bytes: Uint8Array) => void, onGone: () => void): void {
    const endpoint = this.#interrupt;
    if (!endpoint) return;
    const length = Math.max(EVENT_BYTES, endpoint.descriptor.wMaxPacketSize & 0x7ff);
    void (async () => {
      let failures = 0;
      while (!this.#isClosing) {
        const transfer = this.#submit(endpoint, Buffer.allocUnsafeSlow(length));
        this.#endEvents = transfer.cancel;
        try {
          const bytes = await transfer.done;
          failures = 0;
          if (bytes.length > 0) onEvent(bytes);
        } catch (error) {
          const failure = error instanceof PipeError ? error.failure : 'io';
          if (this.#isClosing) return;
          if (failure === 'gone') {
            onGone();
            return;
          }
          if (failure === 'stall') endpoint.clearHalt(() => undefined);
          // A pipe that fails again and again is left: announcements then come by asking.
          if (++failures > 20) return;
          await delay(Math.min(1000, 20 * failures));
        }
      }
    })();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#endEvents();
    await promisify((done: (error?: unknown) => void) => this.#interface.release((error) => done(error)))().catch(
      () => undefined,
    );
    closeQuietly(this.#device);
  }

  #submit(endpoint: Endpoint, buffer: Buffer): PendingRead {
    const { promise: done, resolve, reject } = Promise.withResolvers<Uint8Array>();
    done.catch(() => undefined);
    const transfer = endpoint.makeTransfer(0, (error, _buffer, actual) =>
      error ? reject(pipeError(error)) : resolve(buffer.subarray(0, actual)),
    );
    try {
      transfer.submit(buffer);
    } catch (error) {
      reject(pipeError(error));
    }
    const cancel = () => {
      try {
        transfer.cancel();
      } catch {
        // It has ended, or the device has gone: `done` says so.
      }
    };
    return { length: buffer.length, done, cancel };
  }
}

/** Where a device is plugged: bus and ports, as Linux names it (`1-2.4`). */
export function keyOf(device: Device): string {
  return `${device.busNumber}-${device.portNumbers?.join('.') ?? `a${device.deviceAddress}`}`;
}

function errnoOf(error: unknown): number | null {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : null;
}

/** Transfers say LIBUSB_TRANSFER_* (positive), calls LIBUSB_ERROR_* (negative). */
function pipeError(error: unknown): PipeError {
  switch (errnoOf(error)) {
    case usb.LIBUSB_TRANSFER_STALL:
    case usb.LIBUSB_ERROR_PIPE:
      return new PipeError('stall');
    case usb.LIBUSB_TRANSFER_NO_DEVICE:
    case usb.LIBUSB_ERROR_NO_DEVICE:
      return new PipeError('gone');
    case usb.LIBUSB_TRANSFER_CANCELLED:
    case usb.LIBUSB_TRANSFER_TIMED_OUT:
      return new PipeError('cancelled');
    default:
      return new PipeError('io');
  }
}

function openFailure(error: unknown, device: Device): PtpTransportError {
  if (error instanceof PtpTransportError) return error;
  const where = { bus: device.busNumber, address: device.deviceAddress };
  switch (errnoOf(error)) {
    case usb.LIBUSB_ERROR_BUSY:
      return new PtpTransportError('device-held', where);
    case usb.LIBUSB_ERROR_ACCESS:
      return new PtpTransportError('device-no-permission', where);
    case usb.LIBUSB_ERROR_NO_DEVICE:
    case usb.LIBUSB_ERROR_NOT_FOUND:
      return new PtpTransportError('device-gone');
    default:
      return new PtpTransportError('device-io', { errno: errnoOf(error) });
  }
}

function closeQuietly(device: Device): void {
  try {
    device.close();
  } catch {
    // A device that has gone is closed.
  }
}
