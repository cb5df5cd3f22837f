import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { choosePtpInterface } from '../../../../../main/station/intake/usb/process/ptp-interface.ts';
import { holderOf } from '../../../../../main/station/intake/usb/holder.ts';

test.skipIf(process.platform === 'win32')('who holds a device is told by the name of the program', async () => {
  const proc = await mkdtemp(path.join(tmpdir(), 'photodock-proc-'));
  try {
    await mkdir(path.join(proc, '4711', 'fd'), { recursive: true });
    await writeFile(path.join(proc, '4711', 'comm'), 'gvfsd-gphoto2\n');
    await symlink('/dev/bus/usb/001/011', path.join(proc, '4711', 'fd', '7'));
    expect(await holderOf(1, 11, proc)).toBe('gvfsd-gphoto2');
    expect(await holderOf(1, 12, proc)).toBeNull();
    expect(await holderOf(1, 11, path.join(proc, 'none'))).toBeNull();
  } finally {
    await rm(proc, { recursive: true });
  }
});

test('the interface that speaks PTP is chosen by class, else by its name', async () => {
  const one = (number: number, kind: readonly [number, number, number], name: string | null = null) => ({
    number,
    alternate: 0,
    class: kind[0],
    subclass: kind[1],
    protocol: kind[2],
    endpoints: 3,
    name: () => Promise.resolve(name),
  });
  const storage = one(0, [8, 6, 0x50]);
  expect(await choosePtpInterface(0x04a9, 0, [storage, one(1, [6, 1, 1])])).toEqual({
    interfaceNumber: 1,
    kindHint: 'ptp',
  });
  expect(
    await choosePtpInterface(0x18d1, 0, [one(0, [0xff, 0x42, 1], 'ADB Interface'), one(2, [0xff, 0xff, 0], 'MTP')]),
  ).toEqual({ interfaceNumber: 2, kindHint: 'mtp' });
  expect(await choosePtpInterface(0x18d1, 0, [storage, one(1, [0xff, 0xff, 0], 'Modem')])).toBeNull();
  expect(await choosePtpInterface(0x1d6b, 9, [one(0, [6, 1, 1])])).toBeNull();
});
