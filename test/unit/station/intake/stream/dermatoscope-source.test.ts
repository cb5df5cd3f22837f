import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opticsText } from '../../../../../main/station/archive/optics-text.ts';
import { DermatoscopeSource, SILENT_FOR_MS } from '../../../../../main/station/intake/stream/dermatoscope-source.ts';
import { takenAt } from '../../../../../main/station/intake/stream/taken-at.ts';

let bus: string;
beforeAll(async () => {
  bus = await mkdtemp(path.join(tmpdir(), 'pd-bus-'));
  const devices: Record<string, Record<string, string>> = {
    '1-1': { idVendor: '1234', idProduct: '5678', manufacturer: 'Optik GmbH', product: 'Scope 4K', serial: 'D-77' },
    '1-2': { idVendor: 'aaaa', idProduct: 'bbbb', product: 'Twin', serial: '1' },
    '1-3': { idVendor: 'aaaa', idProduct: 'bbbb', product: 'Twin', serial: '2' },
    '1-4': { idVendor: 'cccc', idProduct: 'dddd', product: 'Bad\u0007\u0000name'.padEnd(200, 'x') },
    usb1: {},
  };
  for (const [name, files] of Object.entries(devices)) {
    await mkdir(path.join(bus, name));
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(bus, name, file), `${text}\n`);
  }
});
afterAll(() => rm(bus, { recursive: true }));

const open = (vendorId?: string, productId?: string) =>
  DermatoscopeSource.open({ label: 'Camera', vendorId, productId }, { bus });

describe('what identifies a live camera', () => {
  test('is vendor, product and serial number, and what the bus says it is', async () => {
    expect((await open('1234', '5678')).medium).toMatchObject({
      identity: 'uvc:1234:5678:D-77',
      kind: 'dermatoscope',
      label: 'Camera',
      device: { maker: 'Optik GmbH', model: 'Scope 4K', serial: 'D-77' },
    });
  });

  test('is no serial number where two are alike, and the label where nothing else is known', async () => {
    expect((await open('aaaa', 'bbbb')).medium).toMatchObject({ identity: 'uvc:aaaa:bbbb', device: { serial: null } });
    expect((await open()).medium).toMatchObject({ identity: 'uvc:Camera', device: { maker: null } });
    expect((await open('9999', '9999')).medium.identity).toBe('uvc:9999:9999');
  });

  test('is never long, nor has it signs that do not print', async () => {
    const { model } = (await open('cccc', 'dddd')).medium.device!;
    expect(model).toHaveLength(64);
    expect(model).not.toMatch(/\p{Cc}/u);
  });
});

test('a camera is connected for as long as a window says so, and not for ever', async () => {
  let now = 1000;
  const source = await DermatoscopeSource.open({ label: 'Camera' }, { now: () => now });
  now += SILENT_FOR_MS;
  expect(await source.isConnected()).toBe(true);
  now += 1;
  expect(await source.isConnected()).toBe(false);
  source.heard();
  expect(await source.isConnected()).toBe(true);
  source.close();
  expect(await source.isConnected()).toBe(false);
});

test('a camera that keeps nothing lists nothing, and gives nothing to be erased', async () => {
  const source = await DermatoscopeSource.open({ label: 'Camera' });
  expect(await source.list()).toEqual({ files: [], notFollowed: [] });
  expect(await source.take()).toBeNull();
  await expect(source.contentOf()).rejects.toMatchObject({ code: 'object-gone' });
});

test('the time of a picture is the moment it was taken, in wall clock and offset', () => {
  const at = Date.UTC(2026, 10, 28, 9, 30, 15);
  const { local, offset } = takenAt(at);
  expect(Date.parse(`${local}${offset}`)).toBe(at);
});

test('optics are told as far as they are known', () => {
  const optics = { magnification: 10, polarisation: 'cross', contact: 'contact', immersion: 'oil' };
  expect(opticsText(JSON.stringify({ optics }))).toBe(
    'Dermatoscope: magnification 10x; cross-polarised light; contact; immersion: mineral oil',
  );
  const unknown = { magnification: null, polarisation: null, contact: null, immersion: null };
  expect(opticsText(JSON.stringify({ optics: { ...unknown, immersion: 'none' } }))).toBe('Dermatoscope: no immersion');
  for (const shot of [null, '{}', JSON.stringify({ optics: unknown })]) expect(opticsText(shot)).toBeNull();
});
