import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StationEvent } from '../../../shared/contract.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';
import type { RigButtonHandle, UsbRig } from '../../support/usb-rig/rig.ts';
import { startRig } from '../../support/usb-rig/rig.ts';

// Everything between a foot on a pedal and the event that a window gets is real, but for the kernel and the pedal.

type Finger = Pick<RigButtonHandle, 'press' | 'release'>;
const PATIENCE = { timeout: 20_000, interval: 50 };

let rig: UsbRig;
let station: TestStation;
let pedal: RigButtonHandle;
let pedalId = '';
let stopEvents = () => {};
const events: StationEvent[] = [];

beforeAll(async () => {
  rig = await startRig();
  pedal = await rig.plugButton({ kind: 'pedal' });
  station = await startTestStation({
    config: {
      station: { name: 'BUTTONS' },
      archive: { kind: 'dicomweb', name: 'Nowhere', baseUrl: 'http://127.0.0.1:9/' },
      intake: { mountRoots: [], watchFolders: [] },
      devices: { usb: false, launch: rig.launch },
    },
  });
  await station.firstLead();
  await new Promise<void>((resolve) => {
    stopEvents = station.client.events((event) => events.push(event), {
      onState: (state) => state === 'connected' && resolve(),
    });
  });
}, 60_000);

afterAll(async () => {
  stopEvents();
  await station?.stop();
  await rig?.stop();
});

const pressesOf = (id: string) => events.filter((one) => one.name === 'button' && one.payload.buttonId === id).length;
const scans = () => events.flatMap((event) => (event.name === 'scanned' ? [event.payload.scanId] : []));
const isConnected = async (id: string) =>
  (await station.call('buttons.list', {})).buttons.some((button) => button.id === id && button.connected);

async function push(finger: Finger): Promise<void> {
  await finger.press();
  await finger.release();
}

/** Pushes now and then, as a person does who sees nothing happen: a push too soon after the last one is a bounce, by right. */
async function pushUntil(finger: Finger, isSeen: () => boolean | Promise<boolean>): Promise<void> {
  await expect
    .poll(
      async () => {
        await push(finger);
        return isSeen();
      },
      { timeout: 20_000, interval: 450 },
    )
    .toBe(true);
}

async function teach(finger: Finger, label: string): Promise<string> {
  await station.call('buttons.learn.start', {});
  await station.until('buttons.learn.state', {}, ({ step, devices }) => step === 'press' && devices > 0);
  await pushUntil(finger, async () => (await station.call('buttons.learn.state', {})).step === 'proposed');
  return (await station.call('buttons.save', { label, action: 'capture' })).id;
}

async function expectPress(finger: Finger, id: string): Promise<void> {
  const before = pressesOf(id);
  await pushUntil(finger, () => pressesOf(id) > before);
}

/** The station's process that listens. */
async function listener(): Promise<number | null> {
  const stationPid = await station.pid();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const of = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    if (!(await of('cmdline')).includes('buttons/process/main.ts')) continue;
    if (new RegExp(`^PPid:\\s*${stationPid}$`, 'm').test(await of('status'))) return Number(pid);
  }
  return null;
}

test('a pedal is taught, and each press is told', async () => {
  pedalId = await teach(pedal, 'Left pedal');
  expect(pressesOf(pedalId)).toBe(0);
  await expectPress(pedal, pedalId);
  const { listening, buttons } = await station.call('buttons.list', {});
  expect(listening).toBe('on');
  expect(buttons).toMatchObject([
    { label: 'Left pedal', deviceName: 'Footpedal', connected: true, taughtBy: 'Test Lead' },
  ]);
  expect(buttons[0]?.lastPressedAt).toBeGreaterThan(0);
});

test('a held and repeating button is one press; another button of the pedal is none', async () => {
  await expect.poll(async () => (await pedal.release(), isConnected(pedalId)), PATIENCE).toBe(true);
  await expectPress(pedal, pedalId);
  const before = pressesOf(pedalId);
  for (let times = 0; times < 5; times++) await pedal.press(2);
  await pedal.release();
  await pedal.press(1);
  for (let times = 0; times < 5; times++) await pedal.report('0100');
  await pedal.release();
  // A later press of its own shows that everything before was heard.
  await pushUntil(pedal, () => pressesOf(pedalId) >= before + 1);
  expect(pressesOf(pedalId) - before).toBeLessThanOrEqual(2);
});

test('the same button is not taught twice', async () => {
  await station.call('buttons.learn.start', {});
  await station.until('buttons.learn.state', {}, ({ step }) => step === 'press');
  await pushUntil(pedal, async () => (await station.call('buttons.learn.state', {})).step === 'proposed');
  const { proposal } = await station.call('buttons.learn.state', {});
  expect(proposal).toEqual({ source: 'hid', deviceName: 'Footpedal', taughtAs: 'Left pedal' });
  expect(await station.codeOf('buttons.save', { label: 'Again', action: 'capture' })).toBe('button-taught-already');
  await station.call('buttons.learn.stop', {});
  expect(await station.codeOf('buttons.save', { label: 'Again', action: 'capture' })).toBe('no-button-proposed');
});

test('a pedal that was unplugged works again by itself', async () => {
  await pedal.unplug();
  await station.until('buttons.list', {}, ({ buttons }) => buttons[0]?.connected === false);
  await pedal.replug();
  await station.until('buttons.list', {}, ({ buttons }) => buttons[0]?.connected === true);
  await expectPress(pedal, pedalId);
  // Pulled and put back between two looks.
  await pedal.replug();
  await expectPress(pedal, pedalId);
});

test('a process that dies is started anew and hears what the former heard', async () => {
  const pid = await listener();
  process.kill(pid!, 'SIGKILL');
  await expect.poll(async () => ![null, pid].includes(await listener()), PATIENCE).toBe(true);
  await expect.poll(() => isConnected(pedalId), PATIENCE).toBe(true);
  await expectPress(pedal, pedalId);
});

test('a scanner in POS mode tells that it has read something; the code is given once, to somebody who may file', async () => {
  const scanner = await rig.plugButton({ kind: 'scanner' });
  await station.until('buttons.list', {}, (list) => list.scanners.length === 1);
  const long = `MRN-${'0123456789'.repeat(12)}`;
  for (const code of ['MRN0047110', 'MRN0047110', long]) {
    const before = scans().length;
    await scanner.scan(code);
    await expect.poll(() => scans().length, PATIENCE).toBe(before + 1);
    const scanId = scans().at(-1)!;
    expect(await station.call('scans.take', { scanId })).toEqual({ code });
    expect(await station.codeOf('scans.take', { scanId })).toBe('scan-gone');
  }
  expect(JSON.stringify(events)).not.toContain('0047110');
});

test('the button of a camera is taught too, and two stations of a site share what was taught', async () => {
  const camera = await rig.plugButton({ kind: 'evdev' });
  const cameraId = await teach(camera, 'Dermatoscope');
  await expectPress(camera, cameraId);
  const { text } = await station.call('buttons.export', {});
  await station.call('buttons.remove', { buttonId: cameraId });
  expect(await station.codeOf('buttons.remove', { buttonId: cameraId })).toBe('no-such-button');
  expect(await station.call('buttons.import', { text })).toEqual({ added: 1, known: 1 });
  expect(await station.call('buttons.import', { text })).toEqual({ added: 0, known: 2 });
  expect(await station.codeOf('buttons.import', { text: '{}' })).toBe('buttons-file-invalid');
  const { buttons } = await station.call('buttons.list', {});
  expect(buttons.map(({ label }) => label)).toEqual(['Left pedal', 'Dermatoscope']);
  await expectPress(camera, buttons[1]!.id);
  const { lines } = await station.call('audit.list', {});
  expect(lines.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['button-taught', 'button-removed', 'buttons-exported', 'buttons-imported']),
  );
});

test('nothing is told while nobody is signed in', async () => {
  await station.call('session.lock', {});
  const lockedAt = Date.now();
  const before = events.length;
  await push(pedal);
  await station.signIn();
  await station.until('buttons.list', {}, ({ buttons }) => buttons[0]!.lastPressedAt! >= lockedAt);
  expect(events.slice(before).filter(({ name }) => name === 'button')).toEqual([]);
  await expectPress(pedal, pedalId);
});
