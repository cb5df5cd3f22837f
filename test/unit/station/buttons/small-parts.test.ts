import { expect, test } from 'vitest';
import { KeptScans } from '../../../../main/station/buttons/kept-scans.ts';
import { hasKey } from '../../../../main/station/buttons/process/evdev-devices.ts';
import { readKeys } from '../../../../main/station/buttons/process/evdev-events.ts';
import { ReportValve } from '../../../../main/station/buttons/process/report-valve.ts';
import { isOf } from '../../../../main/station/buttons/recognize.ts';
import { Teaching } from '../../../../main/station/buttons/teaching.ts';

test('a scanned code is given once, and not after 15 seconds', () => {
  const scans = new KeptScans();
  const [first, second] = [scans.keep('A1', 0), scans.keep('B2', 0)];
  expect([scans.take(first, 14_000), scans.take(first, 14_000)]).toEqual(['A1', null]);
  expect(scans.take(second, 15_001)).toBeNull();
  expect(scans.take('other', 0)).toBeNull();
});

test('few codes are kept', () => {
  const scans = new KeptScans();
  const ids = Array.from({ length: 50 }, (_, number) => scans.keep(`code ${number}`, 0));
  expect(scans.take(ids[0]!, 0)).toBeNull();
  expect(scans.take(ids[49]!, 0)).toBe('code 49');
});

test('the keys of an input device are read from its bitmap', () => {
  expect([hasKey('100000 0 0 0\n', 212), hasKey('100000 0 0 0\n', 211), hasKey('0\n', 212), hasKey('', 212)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(hasKey('40000000', 30)).toBe(true);
});

test('only the key that is asked for is read, pressed and released', () => {
  const event = (type: number, code: number, value: number) => {
    const bytes = Buffer.alloc(24);
    bytes.writeUInt16LE(type, 16);
    bytes.writeUInt16LE(code, 18);
    bytes.writeInt32LE(value, 20);
    return bytes;
  };
  const told = Buffer.concat([event(1, 212, 1), event(0, 0, 0), event(1, 30, 1), event(1, 212, 2), event(1, 212, 0)]);
  expect(readKeys(told, 212)).toEqual([true, true, false]);
  expect(readKeys(told.subarray(0, 30), 212)).toEqual([true]);
});

test('a talkative device is thinned out; a scanner that reads the same again is not', () => {
  const count = (mayRepeat: boolean) => {
    const valve = new ReportValve(mayRepeat);
    return Array.from({ length: 100 }, (_, number) => valve.passes('0100', 5000 + number * 5)).filter(Boolean).length;
  };
  expect([count(false), count(true)]).toEqual([2, 100]);
  const valve = new ReportValve(false);
  expect(
    Array.from({ length: 5000 }, (_, number) => valve.passes(`${number}`, 1000 + number / 10)).filter(Boolean).length,
  ).toBe(250);
});

const device = {
  id: 3,
  source: 'hid' as const,
  vendorId: 1,
  productId: 2,
  interface: 0,
  collections: [{ page: 12, usage: 3 }],
  name: 'Pedal',
};

test('a teaching says when to press, hears two presses and names the device', () => {
  const teaching = new Teaching(0);
  expect(teaching.step(1000)).toBe('quiet');
  teaching.reads([3, 4], true, 0);
  expect(teaching.step(100)).toBe('quiet');
  expect(teaching.step(1000)).toBe('press');
  teaching.report(device, Uint8Array.of(1, 0), 1000);
  teaching.report(device, Uint8Array.of(0, 0), 1200);
  expect(teaching.step(1300)).toBe('once');
  // Another device that talks by itself is not taken for it.
  for (let at = 1300; at < 1900; at += 10) teaching.report({ ...device, id: 4 }, Uint8Array.of(7, at & 0xff), at);
  teaching.report(device, Uint8Array.of(1, 0), 2000);
  expect(teaching.step(2000)).toBe('proposed');
  expect(teaching.proposal).toEqual({
    source: 'hid',
    vendorId: 1,
    productId: 2,
    usagePage: 12,
    usage: 3,
    interface: 0,
    mask: '0100',
    value: '0100',
    deviceName: 'Pedal',
  });
  expect(isOf(teaching.proposal!, { ...device, id: 9 })).toBe(true);
  expect(isOf(teaching.proposal!, { ...device, interface: 1 })).toBe(false);
});

test('a device that is opened late shows first how it is at rest', () => {
  const teaching = new Teaching(0);
  teaching.reads([3], true, 2000);
  expect(teaching.step(2500)).toBe('quiet');
  // It repeats itself all the time, as some do.
  const say = (byte: number, from: number, to: number) => {
    for (let at = from; at < to; at += 50) teaching.report(device, Uint8Array.of(1, byte), at);
  };
  say(0x10, 2100, 3000);
  expect(teaching.step(3000)).toBe('press');
  say(0x11, 3000, 3300);
  expect(teaching.step(3300)).toBe('once');
  say(0x10, 3300, 4000);
  say(0x11, 4000, 4100);
  expect(teaching.proposal).toMatchObject({ mask: 'ff01', value: '0101' });
});

test('whoever touches it too early is waited for', () => {
  const teaching = new Teaching(0);
  teaching.reads([3], true, 0);
  teaching.report(device, Uint8Array.of(1, 0), 300);
  teaching.report(device, Uint8Array.of(0, 0), 500);
  expect([teaching.step(1100), teaching.step(1300)]).toEqual(['quiet', 'press']);
  for (const at of [1300, 1800]) {
    teaching.report(device, Uint8Array.of(1, 0), at);
    teaching.report(device, Uint8Array.of(0, 0), at + 2);
  }
  expect(teaching.proposal).toMatchObject({ mask: '0100', value: '0100' });
});

test('however impatient: who pushes and pushes is heard in the end', () => {
  const teaching = new Teaching(0);
  teaching.reads([3], true, 0);
  for (let at = 100; at < 8000; at += 500) {
    teaching.report(device, Uint8Array.of(1, 0), at);
    teaching.report(device, Uint8Array.of(0, 0), at + 2);
  }
  expect(teaching.proposal).toMatchObject({ mask: '0100', value: '0100' });
});

test('a device that talks all the time keeps nobody waiting, and is taken for no button', () => {
  const teaching = new Teaching(0);
  teaching.reads([3, 4], true, 0);
  for (let at = 0; at < 25_000; at += 20) teaching.report({ ...device, id: 4 }, Uint8Array.of(7, (at / 20) & 0xff), at);
  expect(teaching.step(25_000)).toBe('press');
});

test('nobody is listened to for longer than 30 seconds', () => {
  const teaching = new Teaching(0);
  expect([teaching.isListening(29_000), teaching.isListening(30_001), teaching.step(30_001)]).toEqual([
    true,
    false,
    'timed-out',
  ]);
  teaching.report(device, Uint8Array.of(1, 0), 31_000);
  teaching.report(device, Uint8Array.of(0, 0), 31_500);
  teaching.report(device, Uint8Array.of(1, 0), 32_000);
  expect(teaching.proposal).toBeNull();
});
