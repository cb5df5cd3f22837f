import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import sharp from 'sharp';
import { verifyCertificate } from '../../main/station/release/certificate-format.ts';
import type { OrthancServer } from '../support/orthanc.ts';
import { startOrthanc } from '../support/orthanc.ts';
import type { RigObject, UsbRig } from '../support/usb-rig/rig.ts';
import { startRig } from '../support/usb-rig/rig.ts';
import { expectAccessible } from './support/accessible.ts';
import { OTHERS, PATIENT } from './support/card-life.ts';
import { photograph, photographs, plugIn } from './support/cards.ts';
import { chooseRegion, PATIENCE } from './support/walk.ts';
import { placesForWard, STATION_AET, Ward } from './support/ward.ts';

// Cameras and phones on a bus that is emulated, everything above it real: libusb, the station, the window, the archive.

test.describe.configure({ mode: 'serial' });

let rig: UsbRig;
let orthanc: OrthancServer;
let ward: Ward;

test.beforeAll(async () => {
  const places = await placesForWard();
  rig = await startRig();
  orthanc = await startOrthanc({
    stationAet: STATION_AET,
    stationHost: '127.0.0.1',
    stationPort: places.listenPort,
    worklist: [PATIENT, ...OTHERS],
  });
  const peer = { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet };
  ward = await Ward.open(
    places,
    {
      archive: { kind: 'dicomweb', name: 'Orthanc', baseUrl: orthanc.dicomWebUrl },
      worklist: { ...peer, refreshSeconds: 5 },
    },
    { devices: { launch: rig.launch } },
  );
  await ward.createLead();
});

test.afterAll(async () => {
  await ward.close();
  await orthanc.stop();
  await rig.stop();
});

/** The lane of a medium by what it is called or by its serial number. */
function laneOf(page: Page, name: string, state?: string): Locator {
  const lane = state === undefined ? '[data-testid="lane"]' : `[data-testid="lane"][data-state="${state}"]`;
  return page.locator(lane).filter({ hasText: name });
}

async function shot(number: number, path: string): Promise<RigObject> {
  const minute = String(number % 60).padStart(2, '0');
  return { path, base64: (await photograph(number)).toString('base64'), time: `20261120T09${minute}00` };
}

/** Tiny pictures that differ in a comment only: a phone that takes a while to read, and no time to make. */
async function manyShots(count: number): Promise<RigObject[]> {
  const picture = await sharp({ create: { width: 32, height: 32, channels: 3, background: '#a66' } })
    .jpeg()
    .toBuffer();
  return Array.from({ length: count }, (_, at) => {
    const text = Buffer.from(`many ${at}`);
    const bytes = Buffer.concat([
      picture.subarray(0, 2),
      Buffer.from([0xff, 0xfe, 0, text.length + 2]),
      text,
      picture.subarray(2),
    ]);
    const name = `IMG_20261120_${String(at).padStart(6, '0')}.jpg`;
    return { path: `DCIM/Camera/${name}`, base64: bytes.toString('base64'), time: '20261120T091000' };
  });
}

async function choosePatientAndRegion(page: Page): Promise<void> {
  await page.getByTestId('patient-search').fill('Okonkwo');
  await expect(page.getByTestId('patient-option')).toHaveCount(1);
  await page.getByTestId('patient-option').click();
  await page.getByTestId('patient-card').first().waitFor();
  await chooseRegion(page, 'nose', 'Skin of nose');
}

/** Files what is selected, waits until the archive has proven it, erases it, and waits for *clear*. */
async function toItsEnd(page: Page, name: string): Promise<void> {
  await page.getByTestId('file-button').click();
  await page.getByTestId('nav-dock').click();
  const lane = laneOf(page, name);
  await lane.locator('[data-testid="strip-read-back"][data-state="done"]').waitFor({ timeout: PATIENCE });
  await lane.getByTestId('action-erase').click({ timeout: PATIENCE });
  await page.getByTestId('erase-dialog').waitFor();
  await page.getByTestId('action-erase-confirm').click();
  await laneOf(page, name, 'clear').waitFor({ timeout: PATIENCE });
}

test('a camera: its lane comes by itself, a picture is taken into the open session, all is confirmed, erased and absent', async () => {
  const { page, launched } = ward;
  await page.getByTestId('dock-empty').waitFor();
  const next = await shot(4, 'DCIM/100CANON/IMG_0004.JPG');
  const body = await rig.plug({
    kind: 'camera',
    serial: 'E2E-CAM',
    canCapture: true,
    captures: [next],
    objects: [await shot(1, 'DCIM/100CANON/IMG_0001.JPG'), await shot(2, 'DCIM/100CANON/IMG_0002.JPG')],
  });
  await laneOf(page, 'E2E-CAM', 'sealed').waitFor({ timeout: PATIENCE });
  await expectAccessible(launched, 'dock-camera');

  await laneOf(page, 'E2E-CAM').getByTestId('action-file').click();
  await expect(page.getByTestId('tile')).toHaveCount(2);
  await page.keyboard.press('Control+a');
  await choosePatientAndRegion(page);
  // Somebody presses the shutter on the camera, and then the station does.
  await body.add(await shot(3, 'DCIM/100CANON/IMG_0003.JPG'));
  await page.getByTestId('tile').filter({ hasText: 'IMG_0003' }).waitFor();
  await page.getByTestId('action-shutter').click();
  await page.getByTestId('tile').filter({ hasText: 'IMG_0004' }).waitFor();
  await expect(page.getByTestId('file-button')).toContainText('4');
  await expectAccessible(launched, 'file-tethered');

  await toItsEnd(page, 'E2E-CAM');
  expect(await orthanc.instances()).toHaveLength(4);
  expect(await body.objects()).toEqual([]);
  expect((await body.state()).violations).toEqual([]);
  await body.replug();
  await expect(laneOf(page, 'E2E-CAM', 'clear').filter({ hasText: /0 files/ })).toHaveCount(1, { timeout: PATIENCE });
  await body.unplug();
  await laneOf(page, 'E2E-CAM').first().waitFor({ state: 'detached', timeout: PATIENCE });
});

test('a phone of 2,000 objects, locked at first: what to do is shown, and the fifteen that it refuses are named', async () => {
  test.setTimeout(600_000);
  const { page, launched } = ward;
  const objects = await manyShots(2000);
  const refusing = objects.filter((_, at) => at % 133 === 5).slice(0, 15);
  const phone = await rig.plug({
    kind: 'android',
    serial: 'E2E-PHONE',
    locked: true,
    objects,
    faults: refusing.map(({ path }) => ({ name: 'unreadable' as const, path })),
  });
  await page.getByTestId('device-help').waitFor({ timeout: PATIENCE });
  await expectAccessible(launched, 'dock-phone-locked');
  await phone.unlock();
  await laneOf(page, 'E2E-PHONE', 'reading').waitFor({ timeout: PATIENCE });
  await expectAccessible(launched, 'dock-phone-reading');
  // Elsewhere meanwhile: two thousand small pictures are drawn slowly without a graphics card.
  await page.getByTestId('nav-people').click();
  const isSealed = async () =>
    (await ward.ask('dockings.list', {})).dockings.some(
      (one) => one.medium.serial === 'E2E-PHONE' && one.state === 'sealed',
    );
  await expect.poll(isSealed, { timeout: 4 * PATIENCE, intervals: [2000] }).toBe(true);
  await page.getByTestId('nav-dock').click();
  await laneOf(page, 'E2E-PHONE', 'sealed').waitFor({ timeout: PATIENCE });
  await expect(laneOf(page, 'E2E-PHONE').getByTestId('personal-phone')).toBeVisible();
  const { dockings } = await ward.ask('dockings.list', {});
  const docked = dockings.find((one) => one.medium.serial === 'E2E-PHONE')!;
  expect(docked.equation).toMatchObject({ listed: 2000, unfiled: 1985, unreadable: 15 });

  await page.getByTestId('nav-review').click();
  await page.getByTestId('review-list-unreadable').click();
  await expect(page.locator('[data-testid="review-row"][data-list="unreadable"]')).toHaveCount(15);
  for (const { path } of refusing) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    await expect(page.locator('[data-testid="review-row"]', { hasText: name })).toHaveCount(1);
  }
  await expectAccessible(launched, 'review-phone');
  await phone.unplug();
  await page.getByTestId('nav-dock').click();
  await laneOf(page, 'E2E-PHONE').first().waitFor({ state: 'detached', timeout: PATIENCE });
});

test('two cards, a camera and a phone docked together finish, each with a certificate of its own', async () => {
  test.setTimeout(300_000);
  const { page, launched } = ward;
  const camera = {
    kind: 'camera' as const,
    serial: 'E2E-CAM2',
    objects: [await shot(21, 'DCIM/100CANON/IMG_0021.JPG')],
  };
  const iphone = {
    kind: 'iphone' as const,
    serial: 'E2E-IPHONE',
    objects: [await shot(31, 'DCIM/202611_a/IMG_0031.JPG')],
  };
  await Promise.all([
    plugIn(ward.places, 'CARD-ONE', await photographs(2, 40)),
    plugIn(ward.places, 'CARD-TWO', await photographs(2, 50)),
    rig.plug(camera),
    rig.plug(iphone),
  ]);
  const names = ['CARD-ONE', 'CARD-TWO', 'E2E-CAM2', 'E2E-IPHONE'];
  for (const name of names) await laneOf(page, name, 'sealed').waitFor({ timeout: PATIENCE });
  await expectAccessible(launched, 'dock-four');
  for (const name of names) {
    await laneOf(page, name).getByTestId('action-file').click();
    await page.getByTestId('tile').first().waitFor();
    await page.keyboard.press('Control+a');
    await choosePatientAndRegion(page);
    if (name === 'E2E-IPHONE') {
      await page.getByTestId('file-button').click();
      await page.getByTestId('nav-dock').click();
      await laneOf(page, name)
        .locator('[data-testid="strip-read-back"][data-state="done"]')
        .waitFor({ timeout: PATIENCE });
    } else {
      await toItsEnd(page, name);
    }
  }
  const { dockings } = await ward.ask('dockings.list', {});
  const texts = new Map<string, string>();
  for (const { id, medium, connected } of dockings) {
    if (!connected) continue;
    const { text } = await ward.ask('certificate.get', { dockingId: id });
    expect(verifyCertificate(text).ok).toBe(true);
    texts.set(medium.serial ?? medium.label, text);
  }
  expect([...texts.keys()].toSorted()).toEqual(names.toSorted());
  await laneOf(page, 'E2E-CAM2').getByTestId('action-certificate').click();
  await expect(page.getByTestId('certificate-line')).toHaveCount(1);
  await expectAccessible(launched, 'certificate-camera');
});
