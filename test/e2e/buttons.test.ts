import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { startWlmscpfs } from '../support/dcmtk.ts';
import type { WorklistServer } from '../support/dcmtk.ts';
import type { RigButtonHandle, UsbRig } from '../support/usb-rig/rig.ts';
import { startRig } from '../support/usb-rig/rig.ts';
import { expectAccessible } from './support/accessible.ts';
import { photographs, plugIn } from './support/cards.ts';
import { lane, PATIENCE } from './support/walk.ts';
import { placesForWard, Ward } from './support/ward.ts';

// A pedal is taught in the window and lights up there; what was taught leaves and comes back as a file; a scanner that does not type
// selects the patient.

test.describe.configure({ mode: 'serial' });

const ADA = { patientName: 'Okonkwo^Adaeze', patientId: '4001723', birthDate: '19700102', sex: 'F' } as const;
let rig: UsbRig;
let pedal: RigButtonHandle;
let worklist: WorklistServer;
let ward: Ward;

test.beforeAll(async () => {
  rig = await startRig();
  pedal = await rig.plugButton({ kind: 'pedal' });
  worklist = await startWlmscpfs([ADA]);
  ward = await Ward.open(
    await placesForWard(),
    {
      // Nothing is delivered here.
      archive: { kind: 'dicomweb', name: 'Away', baseUrl: 'http://127.0.0.1:9/dicom-web' },
      worklist: { host: worklist.host, port: worklist.port, calledAet: worklist.aet },
    },
    { devices: { usb: false, launch: rig.launch } },
  );
  await ward.createLead();
});

test.afterAll(async () => {
  await ward?.close();
  await Promise.all([worklist?.stop(), rig?.stop()]);
});

/** Pushes now and then, as a person does: a push too soon after the last one is a bounce, by right. */
async function pushUntil(isSeen: () => Promise<boolean>): Promise<void> {
  await expect
    .poll(
      async () => {
        await pedal.press();
        await pedal.release();
        return isSeen();
      },
      { timeout: PATIENCE, intervals: [500] },
    )
    .toBe(true);
}

const step = (page: Page, name: string) => page.locator(`[data-testid="teach-step"][data-step="${name}"]`);
const line = (page: Page) => page.getByTestId('button-line');

test('a pedal is taught in clear steps, and its line lights up when it is pressed', async () => {
  const { page, launched } = ward;
  await page.getByTestId('nav-media').click();
  await page.getByTestId('media-buttons').click();
  await expect(page.getByRole('heading', { name: 'No button yet' })).toBeVisible();
  await page.getByTestId('buttons-teach').click();
  await step(page, 'press').waitFor({ timeout: PATIENCE });
  await pushUntil(() => step(page, 'proposed').isVisible());
  await expect(page.getByTestId('teach-name')).toBeFocused();
  await expectAccessible(launched, 'buttons-teach');
  await page.getByTestId('teach-name').fill('Left pedal');
  await page.keyboard.press('Enter');
  await expect(line(page)).toContainText('Left pedal');
  await expect(line(page)).toHaveAttribute('data-connected', 'true');
  await pushUntil(async () => (await line(page).innerText()).includes('Pressed just now'));
  await expectAccessible(launched, 'buttons');
});

test('what was taught is saved as a file, and comes back from it', async () => {
  const { page, launched } = ward;
  const file = join(ward.places.folder, 'buttons.json');
  await launched.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await page.getByTestId('buttons-export').click();
  await expect(page.getByText('The buttons are saved as a file.')).toBeVisible();
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    photodockButtons: 1,
    buttons: [{ label: 'Left pedal' }],
  });
  await page.getByTestId('button-remove').click();
  await page.getByTestId('button-remove-confirm').click();
  await expect(line(page)).toHaveCount(0);
  await page.getByTestId('buttons-file').setInputFiles(file);
  await expect(line(page)).toContainText('Left pedal');
  await pushUntil(async () => (await line(page).getAttribute('data-lit')) === 'true');
});

test('a scanner that does not type selects the patient on the File screen', async () => {
  const { page } = ward;
  const scanner = await rig.plugButton({ kind: 'scanner' });
  await expect(page.getByText('Scanners that are heard without typing: Scanner.')).toBeVisible({ timeout: PATIENCE });
  await page.getByTestId('nav-dock').click();
  await plugIn(ward.places, 'CARD-A', await photographs(1));
  await lane(page, 'sealed').waitFor({ timeout: PATIENCE });
  await page.getByTestId('action-file').click();
  await page.getByTestId('patient-option').first().waitFor({ timeout: PATIENCE });
  await scanner.scan(ADA.patientId);
  await expect(page.getByTestId('patient-card')).toContainText('Okonkwo');
  await scanner.scan('9999999');
  await expect(page.getByText('The scanned code is nobody’s on the worklist.')).toBeVisible();
});
