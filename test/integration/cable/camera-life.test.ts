import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DockingView } from '../../../shared/contract/types.ts';
import { CableStation, cameraPictures } from '../../support/cable-station.ts';
import { testJpeg } from '../../support/jpeg.ts';
import { tempFolder } from '../../support/temp.ts';

// A real station, its devices on the rig's bus, a real archive. What a person meets with a camera or phone on a cable.

let cable: CableStation;
beforeAll(async () => {
  cable = await CableStation.start();
});
afterAll(() => cable?.stop());

const isRead = (docking: DockingView) => docking.state === 'sealed' && docking.progress === null;

test('a camera docks by itself; its pictures are filed, confirmed, erased, and absent when it is plugged in again', async () => {
  const { rig, station, orthanc } = cable;
  const body = await rig.plug({ kind: 'camera', serial: 'LIFE-1', objects: await cameraPictures(3) });
  const docked = await cable.docking('LIFE-1', (one) => isRead(one) && one.captureCount === 3);
  expect(docked.medium).toMatchObject({ kind: 'camera', readOnly: false });
  expect(await body.objects()).toHaveLength(3);
  expect(await cable.fileAll(docked.id)).toBe(3);
  await station.until('dockings.get', { dockingId: docked.id }, ({ equation }) => equation.confirmed === 3);
  expect((await orthanc.instances()).length).toBeGreaterThanOrEqual(3);
  expect(await station.call('release.start', { dockingId: docked.id })).toEqual({ queued: 3 });
  await station.until('dockings.get', { dockingId: docked.id }, ({ state }) => state === 'clear');
  expect(await body.objects()).toEqual([]);
  const detail = await station.call('captures.list', { dockingId: docked.id });
  const { evidence } = await station.call('captures.get', { captureId: detail.captures[0]!.id });
  const how = (kind: string) => evidence.find((one) => one.kind === kind)?.facts['how'];
  expect([how('second-read'), how('checked-absent')]).toEqual(['device', 'new-session']);

  await body.replug();
  const again = await cable.docking(
    'LIFE-1',
    (one) => one.id !== docked.id && one.equation.listed === 0 && one.connected,
  );
  expect(again.medium.id).toBe(docked.medium.id);
  await body.unplug();
  await cable.docking('LIFE-1', (one) => !one.connected);
  expect((await body.state()).violations).toEqual([]);
});

test('a picture that is taken while the camera is docked becomes an item at once, and its RAW joins it', async () => {
  const { rig, station } = cable;
  const body = await rig.plug({ kind: 'camera', serial: 'LIVE-1', objects: await cameraPictures(1, 20) });
  const docked = await cable.docking('LIVE-1', (one) => isRead(one) && one.captureCount === 1);
  const [jpeg] = await cameraPictures(1, 31);
  await body.add(jpeg!);
  const { captures } = await station.until(
    'captures.list',
    { dockingId: docked.id },
    (one) => one.captures.length === 2,
  );
  const shot = captures.find((one) => one.name === 'IMG_0031.JPG')!;
  const raw = Buffer.from('49492a001000000043520200', 'hex').toString('base64');
  await body.add({ path: 'DCIM/100CANON/IMG_0031.CR2', base64: raw, size: 200_000, seed: 'raw', time: jpeg!.time! });
  await station.until('captures.get', { captureId: shot.id }, (one) => one.itemCount === 2);
  const after = await station.call('captures.list', { dockingId: docked.id });
  expect(after.captures).toHaveLength(2);
  await body.unplug();
  await cable.docking('LIVE-1', (one) => !one.connected);
});

test('a phone that is locked says what to do, and is read once it is unlocked; a personal one is never erased', async () => {
  const { rig, station } = cable;
  const phone = await rig.plug({
    kind: 'android',
    serial: 'PHONE-1',
    locked: true,
    objects: await cameraPictures(2, 40, 'DCIM/Camera'),
  });
  const locked = await station.until('dockings.list', {}, ({ dockings }) =>
    dockings.some((one) => one.problem === 'phone-locked-or-charging'),
  );
  expect(locked.dockings.find((one) => one.problem !== null)).toMatchObject({
    connected: true,
    equation: { listed: 0 },
  });
  await phone.unlock();
  const docked = await cable.docking('PHONE-1', (one) => isRead(one) && one.captureCount === 2);
  expect(docked).toMatchObject({ problem: null, keptWhole: 'personal-phone', medium: { kind: 'phone' } });
  expect(await station.codeOf('release.start', { dockingId: docked.id })).toBe('personal-phone');
  await phone.unplug();
  await cable.docking('PHONE-1', (one) => !one.connected);
});

test('a phone that answers slowly keeps no card waiting', async () => {
  const { rig, station } = cable;
  const phone = await rig.plug({
    kind: 'android',
    serial: 'SLOW-1',
    objects: await cameraPictures(4, 60, 'DCIM/Camera'),
    // Whatever reads an object waits; nothing but its end can free the lane.
    faults: [0x1009, 0x101b, 0x95c1].map((operation) => ({ name: 'slow' as const, operation, milliseconds: 4000 })),
  });
  await cable.docking('SLOW-1', (one) => one.state === 'reading');
  const card = await tempFolder('beside-a-phone');
  await mkdir(path.join(card, 'DCIM'));
  for (let number = 1; number <= 6; number += 1)
    await writeFile(path.join(card, 'DCIM', `CARD${number}.JPG`), await testJpeg(7100 + number, 320));
  const { dockingId } = await station.call('dock.folder', { path: card });
  await station.until('dockings.get', { dockingId }, (one) => isRead(one) && one.captureCount === 6);
  const { dockings } = await station.call('dockings.list', {});
  expect(dockings.find((one) => one.medium.serial === 'SLOW-1')).toMatchObject({ state: 'reading' });
  await phone.unplug();
  await cable.docking('SLOW-1', (one) => !one.connected);
});

test('a station that is killed finds the camera and its docking again, and what was taken meanwhile', async () => {
  const { rig, station } = cable;
  const body = await rig.plug({ kind: 'camera', serial: 'KILL-1', objects: await cameraPictures(2, 80) });
  const docked = await cable.docking('KILL-1', (one) => isRead(one) && one.captureCount === 2);
  await station.kill();
  await body.add(...(await cameraPictures(1, 90)));
  await station.restart();
  await station.signIn();
  const after = await cable.docking('KILL-1', (one) => isRead(one) && one.captureCount === 3);
  expect(after).toMatchObject({ id: docked.id, connected: true });
  expect((await body.state()).violations).toEqual([]);
});
