/**
 * The rig: a USB bus with programmable cameras, phones and HID devices, without hardware and without root. One Python process (main.py) is the bus, by umockdev; a
 * program started behind `launch` sees that bus instead of the machine's. What each module does is said at its head; what a device can do wrong is the table in
 * faults.ts.
 *
 * Traps:
 * - umockdev's preload library holds a lock while libuv forks: a program behind `launch` must not start children.
 * - Its folder is private to the person who started the rig; rig and station run as the same one.
 * - Handles of objects are other ones in each session, on purpose: nobody may keep them.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RigFault } from './faults.ts';

const script = fileURLToPath(new URL('./main.py', import.meta.url));
const preload = 'libumockdev-preload.so.0';

/** Bytes: given, of a file, or made from `size` and `seed`; a `size` above that of the given ones is filled with made bytes. */
export interface RigBytes {
  /** Small ones only. */
  readonly base64?: string;
  /** A file of this machine. */
  readonly file?: string;
  /** Bytes; made ones are never in memory, so 5 GB are fine. */
  readonly size?: number;
  readonly seed?: string;
}

export interface RigObject extends RigBytes {
  /** `DCIM/100CANON/IMG_0001.JPG`; the folders come by themselves. The same path twice is two objects. */
  readonly path: string;
  /** Instead of `path`, when a name holds a slash or nothing. */
  readonly names?: readonly string[];
  /** An empty folder. */
  readonly folder?: boolean;
  /** Which of `storages`, from 0. */
  readonly storage?: number;
  /** PTP DateTime of modification, `20260102T101112`; capture time too unless `captured` is given. */
  readonly time?: string;
  readonly captured?: string;
  readonly protected?: boolean;
  /** ObjectFormatCode; else by the ending of the name. */
  readonly format?: number;
  readonly thumb?: RigBytes;
  readonly width?: number;
  readonly height?: number;
}

export interface RigStorage {
  readonly id?: number;
  readonly description?: string;
  readonly label?: string;
  /** Bytes. */
  readonly capacity?: number;
  /** AccessCapability: 0 read and write, 1 read only, 2 read only but deleting is allowed. */
  readonly access?: 0 | 1 | 2;
  readonly removable?: boolean;
}

export interface RigDevice {
  readonly kind: 'camera' | 'android' | 'iphone';
  readonly maker?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly vendorId?: number;
  readonly productId?: number;
  /** How new pictures are told; `silent`: not at all. Cameras of `canon` and `nikon` are of that maker. */
  readonly events?: 'interrupt' | 'canon' | 'nikon' | 'silent';
  /** Offers InitiateCapture, which takes the next of `captures`. */
  readonly canCapture?: boolean;
  readonly captures?: readonly RigObject[];
  readonly storages?: readonly RigStorage[];
  readonly objects: readonly RigObject[];
  readonly faults?: readonly RigFault[];
  /** No storages and no objects until unlock(). */
  readonly locked?: boolean;
  /** How far the device's clock is ahead of this machine's, seconds. */
  readonly clockOffsetSeconds?: number;
}

export interface RigState {
  readonly plugged: boolean;
  readonly plugs: number;
  /** A session is open. */
  readonly session: boolean;
  /** Somebody claimed the interface. */
  readonly claimed: boolean;
  readonly locked: boolean;
  readonly operations: number;
  readonly bytesSent: number;
  /** What no client may ever do: `DeleteObject of everything`, `FormatStore`, `malformed-container`. */
  readonly violations: readonly string[];
  readonly faults: readonly { readonly name: string; readonly struck: number }[];
}

/** An operation as it arrived, or a class request. */
export interface RigLogEntry {
  readonly operation?: number;
  readonly parameters?: readonly number[];
  readonly cancel?: true;
  readonly reset?: true;
}

export interface RigHandle {
  unplug(): Promise<void>;
  /** Pulls it, if it is in, and plugs the same body in again: new address, new session. */
  replug(): Promise<void>;
  /** Puts objects there and announces them as this device does. */
  add(...objects: readonly RigObject[]): Promise<void>;
  /** The device itself (a person's finger on it) deletes. */
  remove(path: string): Promise<void>;
  lock(): Promise<void>;
  /** An iPhone comes back on the bus when it is unlocked. */
  unlock(options?: { readonly replug?: boolean }): Promise<void>;
  fault(fault: RigFault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Events of objects that do not exist. */
  flood(count: number): Promise<void>;
  /** Device property (0x500F ISO, 0x500D exposure time, 0x5007 f-number ...). */
  setProperty(code: number, value: number): Promise<void>;
  /** What is on it now, folders left out. */
  objects(): Promise<{ path: string; size: number; reads: number; storage: number }[]>;
  /** What is on it now and what its bytes really are, whatever it delivers; SHA-256, hex. Above 64 MiB: of size and seed. */
  hashes(): Promise<{ path: string; names: string[]; storage: number; sha256: string }[]>;
  state(): Promise<RigState>;
  log(): Promise<RigLogEntry[]>;
}

export interface RigButton {
  /** A foot pedal (consumer page 0x0C, usage 3, three buttons), a dermatoscope's button (vendor page 0xFF00), a scanner in HID POS mode (page 0x8C, usage 2), KEY_CAMERA on evdev. */
  readonly kind: 'pedal' | 'button' | 'scanner' | 'evdev';
  readonly maker?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly vendorId?: number;
  readonly productId?: number;
  /** Hex; else that of the kind. */
  readonly reportDescriptor?: string;
}

export interface RigButtonHandle {
  /** Button 1 to 3 of a pedal. */
  press(button?: number): Promise<void>;
  release(): Promise<void>;
  /** A scanner reads a code. */
  scan(text: string): Promise<void>;
  /** Any input report, hex, with its id if it has one. */
  report(hex: string): Promise<void>;
  unplug(): Promise<void>;
  replug(): Promise<void>;
}

export interface UsbRig {
  /** UMOCKDEV_DIR. */
  readonly root: string;
  /** What a command is started behind to live on this bus. */
  readonly launch: readonly string[];
  plug(device: RigDevice): Promise<RigHandle>;
  plugButton(button: RigButton): Promise<RigButtonHandle>;
  /** The table of faults as the Python side knows it: name and where it strikes. */
  faultNames(): Promise<Readonly<Record<string, string>>>;
  /** Ends the bus; everything on it is gone. */
  stop(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly ready?: true;
  readonly root?: string;
  readonly ok?: boolean;
  readonly value?: unknown;
  readonly error?: string;
}

/** Starts a bus with nothing on it. @throws Error with what Python said when it does not start */
export async function startRig(): Promise<UsbRig> {
  const child = spawn('/usr/bin/python3', ['-B', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LD_PRELOAD: preload, LANG: 'C.UTF-8', TMPDIR: process.env['TMPDIR'] },
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-20_000)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let numbers = 0;
  const root = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const error = new Error(`the USB rig ended (${code}): ${complaints}`);
      reject(error);
      for (const one of waiting.values()) one.reject(error);
      waiting.clear();
    });
    child.stdin.on('error', () => {});
    const heard = (answer: Answer): void => {
      if (answer.ready === true && answer.root !== undefined) resolve(answer.root);
      const one = answer.id === undefined ? undefined : waiting.get(answer.id);
      if (one === undefined || answer.id === undefined) return;
      waiting.delete(answer.id);
      if (answer.ok === true) one.resolve(answer.value);
      else one.reject(new Error(`USB rig: ${answer.error}\n${complaints}`));
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      // GLib says its last words ("Bail out!") on stdout.
      if (line.startsWith('{')) heard(JSON.parse(line) as Answer);
      else complaints += `${line}\n`;
    });
  });

  const call = <T>(command: string, more: object = {}): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null)
        return reject(new Error(`the USB rig has ended: ${complaints}`));
      const id = ++numbers;
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      child.stdin.write(`${JSON.stringify({ id, do: command, ...more })}\n`);
    });

  return {
    root,
    launch: ['env', `LD_PRELOAD=${preload}`, `UMOCKDEV_DIR=${root}`],
    async plug(device) {
      const { device: number } = await call<{ device: number }>('plug', { device });
      return handleOf(number, device, call);
    },
    async plugButton(button) {
      const { device } = await call<{ device: number }>('plug', { device: button });
      return {
        press: (number = 1) => call('press', { device, button: number }),
        release: () => call('release', { device }),
        scan: (text) => call('scan', { device, text }),
        report: (hex) => call('report', { device, hex }),
        unplug: () => call('unplug', { device }),
        replug: () => call('replug', { device }),
      };
    },
    faultNames: () => call('faults'),
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

function handleOf(
  device: number,
  given: RigDevice,
  call: <T>(command: string, more?: object) => Promise<T>,
): RigHandle {
  return {
    unplug: () => call('unplug', { device }),
    replug: () => call('replug', { device }),
    add: (...objects) => call('add', { device, objects }),
    remove: (path) => call('remove', { device, path }),
    lock: () => call('lock', { device, locked: true }),
    async unlock(options = {}) {
      await call('lock', { device, locked: false });
      if (options.replug ?? given.kind === 'iphone') await call('replug', { device });
    },
    fault: (fault) => call('fault', { device, fault }),
    clearFaults: () => call('clear', { device }),
    flood: (count) => call('flood', { device, count }),
    setProperty: (code, value) => call('property', { device, code, value }),
    objects: () => call('objects', { device }),
    hashes: () => call('hashes', { device }),
    state: () => call('state', { device }),
    log: () => call('log', { device }),
  };
}

const madeBlock = 1 << 20;

/** The bytes the rig makes for `size` and `seed`, piece by piece (objects.py makes the same). */
export function* madeBytes(size: number, seed: string): Generator<Uint8Array> {
  const block = createHash('shake128', { outputLength: madeBlock }).update(seed).digest();
  for (let number = 0; number * madeBlock < size; number++) {
    block.writeBigUInt64LE(BigInt(number), 0);
    yield Uint8Array.from(block.subarray(0, Math.min(madeBlock, size - number * madeBlock)));
  }
}

/** SHA-256 of the bytes the rig makes, lower-case hex. */
export function madeHash(size: number, seed: string): string {
  const hash = createHash('sha256');
  for (const piece of madeBytes(size, seed)) hash.update(piece);
  return hash.digest('hex');
}
