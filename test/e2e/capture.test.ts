import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startOrthanc } from '../support/orthanc.ts';
import type { OrthancServer } from '../support/orthanc.ts';
import type { RigButtonHandle, UsbRig } from '../support/usb-rig/rig.ts';
import { startRig } from '../support/usb-rig/rig.ts';
import { expectAccessible } from './support/accessible.ts';
import { drawFilm, FILM_SIZE } from './support/camera-film.ts';
import { OTHERS, PATIENT } from './support/card-life.ts';
import { answerSaveDialog } from './support/launch.ts';
import { fileAllByKeyboard, PATIENCE } from './support/walk.ts';
import { placesForWard, STATION_AET, Ward } from './support/ward.ts';

// A dermatoscope in the window: Chromium shows a drawn film in the place of a camera, everything else is real.

test.describe.configure({ mode: 'serial' });

let orthanc: OrthancServer;
let rig: UsbRig;
let pedal: RigButtonHandle;
let ward: Ward;

test.beforeAll(async () => {
  const places = await placesForWard();
  const film = join(places.folder, 'film.mjpeg');
  await drawFilm(film);
  rig = await startRig();
  pedal = await rig.plugButton({ kind: 'pedal' });
  orthanc = await startOrthanc({
    stationAet: STATION_AET,
    stationHost: '127.0.0.1',
    stationPort: places.listenPort,
    worklist: [PATIENT, ...OTHERS],
  });
  const peer = { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet };
  ward = await Ward.open(
    places,
    { archive: { kind: 'dimse', name: 'Orthanc', ...peer }, worklist: { ...peer, refreshSeconds: 5 } },
    { devices: { usb: false, launch: rig.launch } },
    { cameraFilm: film },
  );
  // Where a test has failed, nobody is there to be asked whether a picture that waits may be lost.
  await ward.launched.app.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
  });
});

test.afterAll(async () => {
  await ward?.close();
  await Promise.all([orthanc?.stop(), rig?.stop()]);
});

async function picture(name: string): Promise<void> {
  const output = process.env['PHOTODOCK_OUTPUT'];
  if (output) await ward.page.screenshot({ path: join(output, `capture-${name}.png`) });
}

/** Takes and keeps a picture. The film goes round: the very picture that was kept before is the same item, and another one is taken. */
async function keepAnother(before: number): Promise<void> {
  await expect(async () => {
    await ward.page.getByTestId('take').click();
    await ward.page.getByTestId('keep').click();
    await expect(ward.page.getByTestId('shot')).toHaveCount(before + 1, { timeout: 3000 });
  }).toPass({ timeout: PATIENCE });
}

const shots = (state: string) => ward.page.locator(`[data-testid="shot"][data-state="${state}"]`);

test('a dermatoscope goes live, its pictures are kept, filed and in the archive with the identity of the device', async () => {
  await ward.createLead();
  const { page } = ward;
  await page.getByTestId('nav-capture').click();
  await page.getByTestId('camera-choice').waitFor();
  await picture('choose');
  await page.getByTestId('camera-choice').click();
  await expect(page.getByTestId('stage-size')).toHaveText(`${FILM_SIZE.width} × ${FILM_SIZE.height}`);
  await expect(page.getByTestId('take')).toBeEnabled();

  await page.getByTestId('capture-describe').click();
  await page.getByTestId('describe-maker').fill('Optik GmbH');
  await page.getByTestId('describe-model').fill('Scope 4K');
  await page.getByTestId('describe-serial').fill('D-77');
  await page.getByTestId('describe-save').click();
  await expect(page.getByTestId('capture-device')).toContainText('D-77');
  await page.getByTestId('optics-magnification').fill('10');
  await page.getByTestId('optics-magnification').press('Enter');
  await page.keyboard.press('p');
  await page.keyboard.press('c');
  await page.getByTestId('optics-immersion-alcohol').click();
  await page.getByTestId('optics-remember').click();
  await page.getByTestId('optics-remember').waitFor({ state: 'detached' });

  // The first is taken again; two are kept, one by keys and one by the button.
  await page.getByTestId('stage').click();
  await page.keyboard.press('Space');
  await page.locator('[data-testid="stage"][data-frozen="true"]').waitFor();
  await picture('frozen');
  await page.keyboard.press('r');
  await page.locator('[data-testid="stage"][data-frozen="false"]').waitFor();
  await page.keyboard.press('Space');
  await page.locator('[data-testid="stage"][data-frozen="true"]').waitFor();
  await page.keyboard.press('Space');
  await expect(shots('shown')).toHaveCount(1, { timeout: PATIENCE });
  await page.keyboard.press('i');
  await keepAnother(1);
  await expect(shots('shown')).toHaveCount(2, { timeout: PATIENCE });
  await expect(page.getByTestId('shot')).toHaveCount(2);
  await picture('kept');
  await expectAccessible(ward.launched, 'capture');

  await page.getByTestId('capture-file').click();
  await fileAllByKeyboard(page, { patient: 'okon', region: 'back of hand', side: 'L' });
  const { dockings } = await ward.ask('dockings.list', {});
  const dockingId = dockings.find(({ medium }) => medium.kind === 'dermatoscope')!.id;
  await expect
    .poll(async () => (await ward.ask('dockings.get', { dockingId })).equation.confirmed, { timeout: PATIENCE })
    .toBe(2);
  const instances = await orthanc.instances();
  expect(instances).toHaveLength(2);
  const told = await Promise.all(instances.map((id) => orthanc.tags(id)));
  for (const tags of told) {
    expect(tags).toMatchObject({
      PatientID: PATIENT.patientId,
      Manufacturer: 'Optik GmbH',
      ManufacturerModelName: 'Scope 4K',
      DeviceSerialNumber: 'D-77',
      Columns: String(FILM_SIZE.width),
      Rows: String(FILM_SIZE.height),
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.4',
    });
  }
  // One key after the other: after alcohol comes gel.
  const optics = 'Dermatoscope: magnification 10x; cross-polarised light; contact; immersion:';
  expect(told.map((tags) => tags['AcquisitionContextDescription']).toSorted()).toEqual([
    `${optics} alcohol`,
    `${optics} ultrasound gel`,
  ]);

  // The lane and the certificate claim no erasing.
  await page.getByTestId('nav-dock').click();
  await expect(page.getByTestId('lane-state-word').first()).toHaveText(/you may unplug/i);
  await picture('lane');
  await page.getByTestId('action-certificate').first().click();
  await expect(page.getByTestId('certificate-line')).toHaveCount(2);
  await expect(page.getByTestId('certificate-view')).toContainText('nothing of them was ever stored on it');
  const saved = join(ward.places.folder, 'certificate.json');
  await answerSaveDialog(ward.launched.app, saved);
  await page.getByTestId('save-certificate').click();
  await expect.poll(() => readFile(saved, 'utf8').catch(() => '')).toContain('"end":"never-stored"');
});

/** Pushes the pedal once, and again every half second until it was seen: what comes sooner is a bounce, by right. */
async function pushUntil(isSeen: () => Promise<boolean>): Promise<void> {
  const push = async () => {
    if (await isSeen()) return true;
    await pedal.press();
    await pedal.release();
    return false;
  };
  await expect.poll(push, { timeout: PATIENCE, intervals: [1500] }).toBe(true);
}

test('a pedal that was taught takes a picture, which arrives with the identity of the dermatoscope', async () => {
  const { page } = ward;
  await ward.ask('buttons.learn.start', {});
  await pushUntil(async () => (await ward.ask('buttons.learn.state', {})).proposal !== null);
  await ward.ask('buttons.save', { label: 'Pedal', action: 'capture' });

  await page.getByTestId('nav-capture').click();
  await expect(page.getByTestId('take')).toBeEnabled();
  const before = await page.getByTestId('shot').count();
  await pushUntil(() => page.locator('[data-testid="stage"][data-frozen="true"]').isVisible());
  await pushUntil(async () => (await page.getByTestId('shot').count()) > before);
  await expect(shots('shown')).toHaveCount(before + 1, { timeout: PATIENCE });
  const known = new Set(await orthanc.instances());
  await page.getByTestId('capture-file').click();
  await fileAllByKeyboard(page, { patient: 'okon', region: 'back of hand', side: 'R' });
  await expect.poll(async () => (await orthanc.instances()).length, { timeout: PATIENCE }).toBe(known.size + 1);
  const [arrived] = (await orthanc.instances()).filter((id) => !known.has(id));
  expect(await orthanc.tags(arrived!)).toMatchObject({
    PatientID: PATIENT.patientId,
    Manufacturer: 'Optik GmbH',
    ManufacturerModelName: 'Scope 4K',
    DeviceSerialNumber: 'D-77',
  });
});

test('only the Capture screen has the camera, never with sound', async () => {
  const { page } = ward;
  const ask = (wanted: object) =>
    page.evaluate(`navigator.mediaDevices.getUserMedia(${JSON.stringify(wanted)}).then(
      (stream) => { for (const track of stream.getTracks()) track.stop(); return 'given'; },
      (error) => error.name)`);
  await page.getByTestId('nav-dock').click();
  await page.getByTestId('lane-state-word').first().waitFor();
  expect(await ask({ video: true })).toBe('NotAllowedError');
  await page.getByTestId('nav-capture').click();
  await expect(page.getByTestId('take')).toBeEnabled();
  expect(await ask({ video: true })).toBe('given');
  expect(await ask({ video: true, audio: true })).toBe('NotAllowedError');
  expect(await ask({ audio: true })).toBe('NotAllowedError');
});

/** The film cannot be unplugged: the page hears what it would hear. */
async function loseCamera(): Promise<void> {
  await ward.page.evaluate(
    `document.querySelector('video').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))`,
  );
}

test('a camera that is gone is said at once, its docking ends, and it is taken up again', async () => {
  const { page } = ward;
  await expect(page.getByTestId('take')).toBeEnabled();
  const connected = async () =>
    (await ward.ask('dockings.list', {})).dockings.filter(
      ({ medium, connected: is }) => is && medium.kind === 'dermatoscope',
    ).length;
  // A docking with no picture yet: the film goes round, and what was kept in the same docking before is the same item.
  await loseCamera();
  await page.getByTestId('camera-again').click();
  await expect(page.getByTestId('take')).toBeEnabled();
  await expect(page.getByTestId('shot')).toHaveCount(0);
  expect(await connected()).toBe(1);
  await page.getByTestId('take').click();
  await page.getByTestId('keep').waitFor();
  await loseCamera();
  // What was frozen before stays, and can be kept.
  await page.locator('[data-testid="stage"][data-frozen="true"]').waitFor();
  await expect.poll(connected).toBe(0);
  const before = await page.getByTestId('shot').count();
  await page.getByTestId('keep').click();
  await expect(page.getByTestId('shot')).toHaveCount(before + 1);
  await page.getByTestId('no-picture').waitFor();
  await expect(shots('shown')).toHaveCount(before + 1, { timeout: PATIENCE });
  await expect(page.getByTestId('take')).toBeDisabled();
  await picture('lost');
  await page.getByTestId('camera-again').click();
  await expect(page.getByTestId('take')).toBeEnabled();
  expect(await connected()).toBe(1);
});

test('a picture that waits while the station is away is not lost, even past the end of the page', async () => {
  const { page } = ward;
  await expect(page.getByTestId('take')).toBeEnabled();
  const before = (await ward.ask('captures.list', {})).captures.length;
  const stopped = (await ward.stationPid())!;
  // A station that is stopped, not dead: the window starts no other meanwhile, and the picture waits for certain.
  process.kill(stopped, 'SIGSTOP');
  await page.getByTestId('take').click();
  await page.getByTestId('keep').click();
  await expect(page.getByTestId('shot').first()).toHaveAttribute('data-state', /sending|waiting/);
  await picture('unsaved');
  // Killed in the middle of it: the new station knows nobody, so the window locks and its page ends.
  await ward.launched.pageAfterPurge(async () => process.kill(stopped, 'SIGKILL'));
  const fresh = ward.page;
  await fresh.getByTestId('sign-in-login').waitFor({ timeout: PATIENCE });
  await ward.signIn();
  ward.forgetSession();
  await expect
    .poll(async () => (await ward.ask('captures.list', {})).captures.length, { timeout: PATIENCE })
    .toBe(before + 1);
});
