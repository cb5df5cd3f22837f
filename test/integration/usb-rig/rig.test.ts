import { afterEach, describe, expect, test } from 'vitest';
import type { RigFault } from '../../support/usb-rig/faults.ts';
import { rigFaults } from '../../support/usb-rig/faults.ts';
import type { HostProcess, Seen } from '../../support/usb-rig/host-process.ts';
import { startHost } from '../../support/usb-rig/host-process.ts';
import type { RigDevice, RigHandle, UsbRig } from '../../support/usb-rig/rig.ts';
import { madeHash, startRig } from '../../support/usb-rig/rig.ts';

// The rig behaves like a device, seen by a client that knows nothing of the product: usb 2.18 and node-hid behind `launch`.

const canon = 0x04a9;
const cleaning: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).toReversed()) await clean();
});

async function startedRig(): Promise<UsbRig> {
  const rig = await startRig();
  cleaning.push(() => rig.stop());
  return rig;
}

async function hostOn(rig: UsbRig, script: 'raw-client.ts' | 'hid-client.ts' = 'raw-client.ts'): Promise<HostProcess> {
  const host = await startHost(rig, script);
  cleaning.push(() => host.stop());
  return host;
}

/** A device with its session open. */
async function opened(
  given: Partial<RigDevice> = {},
  vendor = canon,
): Promise<{ rig: UsbRig; body: RigHandle; host: HostProcess }> {
  const rig = await startedRig();
  const body = await rig.plug({ kind: 'camera', objects: [], ...given });
  const host = await hostOn(rig);
  expect(await host.ask('open', { vendor })).toMatchObject({ open: true });
  expect((await host.transact(0x1002, [1])).code).toBe(0x2001);
  return { rig, body, host };
}

function numbers(seen: Seen): number[] {
  const bytes = Buffer.from(seen.start, 'hex');
  return Array.from({ length: bytes.readUInt32LE(0) }, (_, index) => bytes.readUInt32LE(4 + 4 * index));
}

/** Handles of the objects, folders left out. */
async function handlesOf(host: HostProcess): Promise<number[]> {
  const handles = numbers(await host.transact(0x1007, [0xffffffff, 0, 0]));
  const found: number[] = [];
  for (const handle of handles) {
    const info = Buffer.from((await host.transact(0x1008, [handle])).start, 'hex');
    if (info.readUInt16LE(4) !== 0x3001) found.push(handle);
  }
  return found;
}

const picture = { path: 'DCIM/100CANON/IMG_0001.JPG', size: 3_000_000, seed: 'one' };

test('a camera is found, read, heard, deleted from, pulled and plugged in again', async () => {
  const rig = await startedRig();
  const host = await hostOn(rig);
  const body = await rig.plug({ kind: 'camera', serial: 'CAM-7', objects: [picture] });
  await host.event({ event: 'attach', vendor: canon });
  expect(await host.ask('open', { vendor: canon })).toEqual({ open: true, ptp: true });
  expect(await host.ask('string', { index: 3 })).toEqual({ text: 'CAM-7' });
  expect((await host.transact(0x1002, [1])).code).toBe(0x2001);
  expect((await host.transact(0x1002, [1])).code).toBe(0x201e);

  const [first = 0] = await handlesOf(host);
  const read = await host.transact(0x1009, [first]);
  expect(read).toMatchObject({ code: 0x2001, size: picture.size, sha256: madeHash(picture.size, picture.seed) });

  await host.ask('listen');
  await body.add({ path: 'DCIM/100CANON/IMG_0002.JPG', size: 500, seed: 'two' });
  const { parameter } = await host.event({ event: 'ptp', code: 0x4002 });
  expect((await host.transact(0x1009, [Number(parameter)])).sha256).toBe(madeHash(500, 'two'));

  expect((await host.transact(0x100b, [first])).code).toBe(0x2001);
  expect((await host.transact(0x100b, [first])).code).toBe(0x2009);
  expect((await body.objects()).map((one) => one.path)).toEqual(['DCIM/100CANON/IMG_0002.JPG']);

  await body.unplug();
  await host.event({ event: 'deaf', error: 'LIBUSB_TRANSFER_NO_DEVICE' });
  await host.event({ event: 'detach', vendor: canon });
  await host.ask('close');
  await body.replug();
  await host.event({ event: 'attach', vendor: canon });
  await host.ask('open', { vendor: canon });
  expect((await host.transact(0x1002, [1])).code).toBe(0x2001);
  expect(await body.state()).toMatchObject({ plugs: 2, session: true, violations: [] });
});

test('what no client may do is remembered, and not done', async () => {
  const { body, host } = await opened({ objects: [picture] });
  expect((await host.transact(0x100b, [0xffffffff])).code).toBe(0x2001);
  expect((await host.transact(0x100f, [0x10001])).code).toBe(0x2005);
  expect(await body.objects()).toHaveLength(1);
  expect((await body.state()).violations).toEqual(['DeleteObject of everything', 'FormatStore']);
});

describe('phones', () => {
  test('an Android phone shows nothing until it is unlocked, and gives a film of 5 GB in parts by its 64-bit size', async () => {
    const size = 5 * 1024 ** 3;
    const given = {
      kind: 'android',
      locked: true,
      objects: [{ path: 'DCIM/Camera/FILM.mp4', size, seed: 'film' }],
    } as const;
    const { body, host } = await opened(given, 0x18d1);
    expect(await host.ask('string', { index: 4 })).toEqual({ text: 'MTP' });
    expect(numbers(await host.transact(0x1004))).toEqual([]);
    await host.ask('listen');
    await body.unlock();
    await host.event({ event: 'ptp', code: 0x4004 });
    const [film = 0] = await handlesOf(host);
    const info = Buffer.from((await host.transact(0x1008, [film])).start, 'hex');
    expect(info.readUInt32LE(8)).toBe(0xffffffff);
    const told = Buffer.from((await host.transact(0x9803, [film, 0xdc04])).start, 'hex');
    expect(told.readBigUInt64LE(0)).toBe(BigInt(size));
    // The last 16 bytes, however many are asked for.
    expect(await host.transact(0x95c1, [film, 2 ** 30 - 16, 1, 4096])).toMatchObject({
      code: 0x2001,
      size: 16,
      parameters: [16],
    });
    // The whole object announces an unknown length, and can be left in the middle.
    await body.fault({ name: 'hang-in-data', operation: 0x1009, bytes: 512 * 100, times: 1 });
    const whole = await host.transact(0x1009, [film], { idle: 2000, buffer: 1024 });
    expect(whole).toMatchObject({ announced: 0xffffffff, error: 'LIBUSB_TRANSFER_CANCELLED' });
    expect(await host.ask('cancel')).toEqual({ cancelled: true });
    expect((await host.transact(0x1004)).code).toBe(0x2001);
  });

  test('an iPhone comes back on the bus when it is unlocked; its folders name a parent that does not exist', async () => {
    const given = {
      kind: 'iphone',
      locked: true,
      objects: [{ path: '202302_a/IMG_0001.HEIC', size: 100, seed: 'h' }],
    } as const;
    const { body, host } = await opened(given, 0x05ac);
    expect(numbers(await host.transact(0x1007, [0xffffffff, 0, 0]))).toEqual([]);
    await host.ask('close');
    await body.unlock();
    await host.event({ event: 'detach', vendor: 0x05ac });
    await host.event({ event: 'attach', vendor: 0x05ac });
    await host.ask('open', { vendor: 0x05ac });
    await host.transact(0x1002, [1]);
    const [folder = 0] = numbers(await host.transact(0x1007, [0xffffffff, 0, 0xffffffff]));
    expect(Buffer.from((await host.transact(0x1008, [folder])).start, 'hex').readUInt32LE(38)).toBe(1);
    expect(numbers(await host.transact(0x1007, [0xffffffff, 0, folder]))).toHaveLength(1);
  });
});

test('Canon and Nikon bodies tell of a picture when they are asked', async () => {
  const eos = await opened({ events: 'canon' });
  await eos.host.transact(0x9114, [1]);
  await eos.host.transact(0x9115, [1]);
  await eos.body.add({ path: 'DCIM/100CANON/IMG_0009.JPG', size: 77, seed: 'c' });
  const records = Buffer.from((await eos.host.transact(0x9116)).start, 'hex');
  expect(records.readUInt32LE(4)).toBe(0xc181);
  const handle = records.readUInt32LE(36);
  expect((await eos.host.transact(0x1009, [handle])).sha256).toBe(madeHash(77, 'c'));
  expect((await eos.host.transact(0x9116)).size).toBe(8);

  const body = await eos.rig.plug({ kind: 'camera', events: 'nikon', objects: [] });
  await eos.host.event({ event: 'attach', vendor: 0x04b0 });
  await eos.host.ask('close');
  expect(await eos.host.ask('open', { vendor: 0x04b0 })).toMatchObject({ open: true });
  await eos.host.transact(0x1002, [1]);
  await body.add({ path: 'DCIM/100NIKON/DSC_0001.JPG', size: 78, seed: 'n' });
  const events = Buffer.from((await eos.host.transact(0x90c7)).start, 'hex');
  expect([events.readUInt16LE(0), events.readUInt16LE(2)]).toEqual([1, 0x4002]);
  expect((await eos.host.transact(0x1009, [events.readUInt32LE(4)])).size).toBe(78);
});

const size = 512 * 40 - 12;
const whole = madeHash(size, 'x');
const halted = 'LIBUSB_TRANSFER_STALL';
const quiet = 'LIBUSB_TRANSFER_CANCELLED';
const get = 0x1009;
const remove = 0x100b;
/** How each fault looks at the pipe: GetObject of one object (or another operation) while it is set. */
const looks: readonly (readonly [fault: RigFault, looks: Readonly<Partial<Seen>>, operation?: number])[] = [
  [{ name: 'device-busy' }, { code: 0x2019, size: 0 }],
  [
    { name: 'refuse', code: 0x200f },
    { code: 0x200f, size: 0 },
  ],
  [{ name: 'silence' }, { error: quiet, size: 0 }],
  [
    { name: 'slow', milliseconds: 5 },
    { code: 0x2001, sha256: whole },
  ],
  [
    { name: 'short-data', bytes: 700 },
    { code: 0x2001, size: size - 700, announced: size + 12 },
  ],
  [
    { name: 'long-data', bytes: 5 },
    { code: 0x2001, size: size + 5, announced: size + 12 },
  ],
  [{ name: 'stall-at-data' }, { error: halted, size: 0 }],
  [{ name: 'hang-in-data', bytes: 1024 }, { error: quiet }],
  [{ name: 'wrong-transaction' }, { error: 'transaction' }],
  [{ name: 'garbage-header' }, { error: 'header' }],
  [
    { name: 'wrong-length', bytes: -100 },
    { code: 0x2001, sha256: whole, announced: size - 88 },
  ],
  [{ name: 'huge-length' }, { code: 0x2001, sha256: whole, announced: 0xffffffff }],
  [{ name: 'split-header' }, { code: 0x2001, sha256: whole, reads: [12, size, 12] }],
  // Without the empty packet the response runs into the read that the data did not fill.
  [{ name: 'no-zero-packet' }, { error: quiet, reads: [size + 24] }],
  [
    { name: 'other-data', base64: 'AAAA' },
    { code: 0x2001, size: 3 },
  ],
  [{ name: 'stall-at-response' }, { error: halted, sha256: whole }],
  [{ name: 'no-response' }, { error: quiet }],
  [{ name: 'wrong-transaction-response' }, { error: 'transaction', sha256: whole }],
  [
    { name: 'other-response', code: 0x2002 },
    { code: 0x2002, sha256: whole },
  ],
  [{ name: 'unreadable' }, { code: 0x200f, size: 0 }],
  [{ name: 'cloud-only' }, { code: 0x2002, size: 0 }],
  [
    { name: 'transcoding', size: 99, seed: 'jpeg' },
    { code: 0x2001, sha256: madeHash(99, 'jpeg') },
  ],
  [{ name: 'short-partial' }, { code: 0x2001, size: size / 2, parameters: [size / 2] }, 0x101b],
  [{ name: 'no-partial-reads' }, { code: 0x2005, size: 0 }, 0x101b],
  [{ name: 'delete-refused' }, { code: 0x200d }, remove],
  [{ name: 'partial-delete' }, { code: 0x2012 }, remove],
  [{ name: 'lying-delete' }, { code: 0x2001 }, remove],
];

test('every fault of a transaction looks at the pipe as its row says, and ends when it is cleared', async () => {
  const { rig, body, host } = await opened({ objects: [{ path: 'DCIM/A.JPG', size, seed: 'x' }] });
  expect(await rig.faultNames()).toEqual(rigFaults);
  const [handle = 0] = await handlesOf(host);
  for (const [fault, expected, operation = get] of looks) {
    await body.fault(fault);
    const parameters = operation === 0x101b ? [handle, 0, size] : [handle];
    // A quiet device is given up on; where something must come before, after a time that a busy machine keeps.
    const idle = expected.error !== quiet ? 20_000 : expected.reads ? 2000 : 150;
    expect(await host.transact(operation, parameters, { idle }), fault.name).toMatchObject(expected);
    await body.clearFaults();
    await host.ask('clear-halt');
    await host.ask('cancel');
    expect(await host.transact(get, [handle]), `after ${fault.name}`).toMatchObject({
      code: 0x2001,
      sha256: whole,
      reads: [size + 12, 12],
    });
  }
  // From the second whole read on, another byte.
  await body.fault({ name: 'other-bytes', at: 3 });
  const other = Buffer.from((await host.transact(get, [handle])).start, 'hex');
  await body.clearFaults();
  const right = Buffer.from((await host.transact(get, [handle])).start, 'hex');
  expect([...other.keys()].filter((at) => other[at] !== right[at])).toEqual([3]);
  expect((await body.state()).violations).toEqual([]);
});

test('a cable pulled as the operation comes, in its data, or between the deed and the response', async () => {
  const { body, host } = await opened({ objects: [picture, { ...picture, path: 'DCIM/100CANON/IMG_0002.JPG' }] });
  const cases = [
    [{ name: 'unplug-at', operation: get, times: 1 }, 2],
    [{ name: 'unplug-in-data', operation: get, bytes: 1024 * 1024, times: 1 }, 2],
    [{ name: 'unplug-at', operation: remove, times: 1 }, 2],
    [{ name: 'unplug-before-response', operation: remove, times: 1 }, 1],
  ] as const;
  for (const [fault, left] of cases) {
    const [handle = 0] = await handlesOf(host);
    await body.fault(fault);
    const seen = await host.transact(fault.operation, [handle]);
    expect(seen.error, fault.name).toMatch(/NO_DEVICE$/u);
    const least = 'bytes' in fault ? fault.bytes - 131_072 - 512 : 0;
    expect(seen.size >= least && seen.size < picture.size, fault.name).toBe(true);
    await host.event({ event: 'detach', vendor: canon });
    expect(await body.objects()).toHaveLength(left);
    expect(await body.state()).toMatchObject({ plugged: false });
    await host.ask('close');
    await body.replug();
    await host.event({ event: 'attach', vendor: canon });
    await host.ask('open', { vendor: canon });
    expect((await host.transact(0x1002, [1])).code).toBe(0x2001);
  }
});

test('faults of listings, sizes, sessions and events', async () => {
  const { body, host } = await opened({
    canCapture: true,
    captures: [{ path: 'DCIM/C.JPG', size: 9 }],
    objects: [{ path: 'DCIM/A.JPG', size, seed: 'x' }],
  });
  const all = () => host.transact(0x1007, [0xffffffff, 0, 0]);
  const [folder = 0, object = 0] = numbers(await all());
  const infoOf = async (handle: number) => Buffer.from((await host.transact(0x1008, [handle])).start, 'hex');
  const during = async (fault: RigFault, see: () => Promise<unknown>) => {
    await body.fault(fault);
    const seen = await see();
    await body.clearFaults();
    return seen;
  };
  expect(await during({ name: 'wrong-size', bytes: 7 }, async () => (await infoOf(object)).readUInt32LE(8))).toBe(
    size + 7,
  );
  expect(await during({ name: 'orphan-parents' }, async () => (await infoOf(folder)).readUInt32LE(38))).toBe(1);
  expect(
    await during({ name: 'cyclic-folders', path: 'DCIM' }, async () => [
      (await infoOf(folder)).readUInt32LE(38),
      ...numbers(await host.transact(0x1007, [0xffffffff, 0, folder])),
    ]),
  ).toEqual([folder, object, folder]);
  expect(await during({ name: 'parent-zero-is-root' }, async () => numbers(await all()))).toEqual([folder]);
  expect(await during({ name: 'handles-twice' }, async () => numbers(await all()))).toEqual([
    folder,
    object,
    folder,
    object,
  ]);
  expect(await during({ name: 'ghost-handles' }, async () => numbers(await all()))).toHaveLength(3);
  expect(await during({ name: 'all-storages-unsupported' }, async () => (await all()).code)).toBe(0x2008);

  await host.ask('listen');
  await during({ name: 'ghost-events' }, () => body.add({ path: 'DCIM/B.JPG', size: 1 }));
  await host.event({ event: 'ptp', code: 0x4002, parameter: 0xdd0001 });
  await host.event({ event: 'ptp', code: 0x4002 });
  await during({ name: 'events-lost' }, () => body.add({ path: 'DCIM/LOST.JPG', size: 1 }));
  await body.setProperty(0x500f, 800);
  await host.event({ event: 'ptp', code: 0x4006, parameter: 0x500f });
  expect((await host.transact(0x1015, [0x500f])).start).toBe('2003');
  expect((await host.transact(0x100e, [0, 0])).code).toBe(0x2001);
  // The first picture that is announced after the lost one is the capture.
  const { parameter } = await host.event({ event: 'ptp', code: 0x4002 });
  expect((await host.transact(0x1009, [Number(parameter)])).size).toBe(9);

  await during({ name: 'returns-after-delete', path: 'DCIM/A.JPG' }, () => host.transact(remove, [object]));
  expect((await infoOf(object)).length).toBe(0);
  await host.transact(0x1003);
  expect(await during({ name: 'info-needs-session' }, async () => (await host.transact(0x1001)).code)).toBe(0x2003);
  expect(await during({ name: 'session-already-open' }, async () => (await host.transact(0x1002, [1])).code)).toBe(
    0x201e,
  );
  await host.transact(0x1003);
  await host.transact(0x1002, [1]);
  expect((await body.objects()).map((one) => one.path)).toContain('DCIM/A.JPG');
  expect(await during({ name: 'forgets-storages', operation: 0x1007 }, async () => numbers(await all()))).toEqual([]);
});

test('a pedal, a scanner and a camera button report when they are pressed', async () => {
  const rig = await startedRig();
  const pedal = await rig.plugButton({ kind: 'pedal', serial: 'P1' });
  const scanner = await rig.plugButton({ kind: 'scanner' });
  const button = await rig.plugButton({ kind: 'evdev' });
  const host = await hostOn(rig, 'hid-client.ts');
  const { devices } = await host.ask<{ devices: object[] }>('list');
  expect(devices).toMatchObject([
    { usagePage: 0x0c, usage: 3, serialNumber: 'P1' },
    { usagePage: 0x8c, usage: 2 },
  ]);
  await host.ask('open');
  await host.ask('keys');
  await pedal.press(2);
  await pedal.release();
  await host.event({ event: 'report', usagePage: 0x0c, hex: '0200' });
  await host.event({ event: 'report', usagePage: 0x0c, hex: '0000' });
  await scanner.scan('MRN-4711');
  const { hex } = await host.event({ event: 'report', usagePage: 0x8c });
  expect(Buffer.from(String(hex), 'hex').subarray(5, 13).toString()).toBe('MRN-4711');
  await button.press();
  await host.event({ event: 'key', code: 212, value: 1 });
  await pedal.unplug();
  await host.event({ event: 'gone', usagePage: 0x0c });
  await button.unplug();
  await host.event({ event: 'keys-gone' });
  await pedal.replug();
  expect(await host.ask('list')).toMatchObject({ devices: [{ usagePage: 0x0c }, { usagePage: 0x8c }] });
});
