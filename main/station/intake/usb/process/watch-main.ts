import { opendir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { usb } from 'usb';
import type { Device } from 'usb';
import type { UsbReport } from '../facts.ts';
import { choosePtpInterface, type InterfaceFacts } from './ptp-interface.ts';

// The process that knows what comes and goes on the bus. It opens a device only for names that the system does not know.

const STRING_LIMIT_MS = 1500;
const ASK_PAUSES_MS = [0, 50, 100, 200, 400, 800, 1600] as const;
const MOST_STRING = 256;
const SYSFS = '/sys/bus/usb/devices';
const LOOK_MS = 2000;
/** A device at a port, and no root hub (`usb1`) or interface (`1-2:1.0`). */
const PORT = /^\d+-[\d.]+$/;

/** Instances that are plugged, by bus and address: a device plugged again soon has another address. */
const plugged = new Map<string, { key: string; isToldOf: boolean }>();
/** What happens at one port is told in the order in which it happened. */
const turns = new Map<string, Promise<void>>();

function tell(report: UsbReport): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

const instanceOf = (device: Device) => `${device.busNumber}/${device.deviceAddress}`;
const keyOf = (device: Device) => `${device.busNumber}-${device.portNumbers?.join('.') ?? `a${device.deviceAddress}`}`;

function inTurn(key: string, work: () => Promise<void>): Promise<void> {
  const done = (turns.get(key) ?? Promise.resolve()).then(work).catch(() => undefined);
  turns.set(key, done);
  return done.finally(() => {
    if (turns.get(key) === done) turns.delete(key);
  });
}

function appear(device: Device): Promise<void> {
  const instance = instanceOf(device);
  if (plugged.has(instance)) return Promise.resolve();
  const entry = { key: keyOf(device), isToldOf: false };
  plugged.set(instance, entry);
  return inTurn(entry.key, async () => {
    const facts = await factsOf(device);
    if (!facts || plugged.get(instance) !== entry) return;
    entry.isToldOf = true;
    tell({ what: 'appeared', facts });
  });
}

function vanish(device: Device): void {
  const entry = plugged.get(instanceOf(device));
  if (!entry) return;
  plugged.delete(instanceOf(device));
  void inTurn(entry.key, async () => {
    if (entry.isToldOf) tell({ what: 'vanished', key: entry.key });
  });
}

async function factsOf(device: Device) {
  const { idVendor, idProduct, bDeviceClass, iManufacturer, iProduct, iSerialNumber } = device.deviceDescriptor;
  const key = keyOf(device);
  const chosen = await choosePtpInterface(idVendor, bDeviceClass, interfacesOf(device, key));
  if (!chosen) return null;
  const ask = async (file: string, index: number) =>
    (await sysfs(path.join(key, file))) ?? (await describedString(device, index));
  return {
    key,
    address: device.deviceAddress,
    vendorId: idVendor,
    productId: idProduct,
    serial: await ask('serial', iSerialNumber),
    maker: await ask('manufacturer', iManufacturer),
    product: await ask('product', iProduct),
    ...chosen,
  };
}

function interfacesOf(device: Device, key: string): InterfaceFacts[] {
  const configuration = device.configDescriptor;
  return (configuration?.interfaces.flat() ?? []).map((one) => ({
    number: one.bInterfaceNumber,
    alternate: one.bAlternateSetting,
    class: one.bInterfaceClass,
    subclass: one.bInterfaceSubClass,
    protocol: one.bInterfaceProtocol,
    endpoints: one.endpoints.length,
    name: async () =>
      (await sysfs(
        path.join(`${key}:${configuration?.bConfigurationValue ?? 1}.${one.bInterfaceNumber}`, 'interface'),
      )) ?? (await describedString(device, one.iInterface)),
  }));
}

async function sysfs(file: string): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const text = await readFile(path.join(SYSFS, file), 'utf8').catch(() => null);
  return text === null ? null : clean(text);
}

/**
 * Asks the device itself. Right after a plug udev has not given permission yet, or the device is not ready: it is asked again for a while. Another
 * program may hold it, or nobody may open it: then nothing is known.
 */
async function describedString(device: Device, index: number): Promise<string | null> {
  if (index === 0) return null;
  for (const pause of ASK_PAUSES_MS) {
    await delay(pause);
    if (!plugged.has(instanceOf(device))) return null;
    const text = await askString(device, index);
    if (text !== undefined) return clean(text);
  }
  return null;
}

/** Undefined when there was no answer. */
async function askString(device: Device, index: number): Promise<string | undefined> {
  try {
    device.open();
  } catch {
    return undefined;
  }
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  try {
    device.getStringDescriptor(index, (error, text) => resolve(error ? undefined : (text ?? '')));
    const timer = setTimeout(() => resolve(undefined), STRING_LIMIT_MS);
    return await promise.finally(() => clearTimeout(timer));
  } finally {
    try {
      device.close();
    } catch {
      // It has gone, or its transfer is still pending: the system closes it with this process.
    }
  }
}

function clean(text: string): string | null {
  const bare = text
    .replaceAll(/[\p{Cc}\ufffd]/gu, '')
    .trim()
    .slice(0, MOST_STRING);
  return bare === '' ? null : bare;
}

// Ends with the station, whatever way that ends.
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
process.stdin.resume();

// Listening begins before the list is taken: what is plugged in between is in both, and told once.
usb.on('attach', (device) => void appear(device));
usb.on('detach', vanish);
await Promise.all(usb.getDeviceList().map((device) => appear(device)));
tell({ what: 'listed' });

/**
 * Events can be lost. Twice in a row the system knows a device that nobody told of, or the other way round: then this process ends, and the
 * next one sees what is there. Each look says that it is alive, too.
 */
let doubted = '';
setInterval(() => {
  tell({ what: 'alive' });
  void knownToSystem().then((known) => {
    if (known === null) return;
    const missing = [...known].filter((instance) => !plugged.has(instance));
    const gone = [...plugged].filter(([instance, { key }]) => PORT.test(key) && !known.has(instance));
    const doubt = JSON.stringify([missing, gone.map(([instance]) => instance)]);
    if (doubt !== '[[],[]]' && doubt === doubted) process.exit(1);
    doubted = doubt;
  });
}, LOOK_MS);

/** Bus and address of everything below the root hubs, as sysfs knows it; null where the system has none. */
async function knownToSystem(): Promise<Set<string> | null> {
  if (process.platform !== 'linux') return null;
  const known = new Set<string>();
  try {
    for await (const { name } of await opendir(SYSFS)) {
      if (!PORT.test(name)) continue;
      const [bus, address] = [await sysfs(`${name}/busnum`), await sysfs(`${name}/devnum`)];
      if (bus !== null && address !== null) known.add(`${Number(bus)}/${Number(address)}`);
    }
  } catch {
    return null;
  }
  return known;
}
