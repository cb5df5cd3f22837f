import { expect, test } from '@playwright/test';
import { startWlmscpfs } from '../support/dcmtk.ts';
import type { WorklistServer } from '../support/dcmtk.ts';
import { startHostileArchive } from '../support/hostile-archive.ts';
import type { HostileArchive } from '../support/hostile-archive.ts';
import { photographs, plugIn } from './support/cards.ts';
import { pressKeys, scan } from './support/keys.ts';
import { chooseRegion, PATIENCE } from './support/walk.ts';
import { placesForWard, STATION_AET, Ward } from './support/ward.ts';

// The right patient: scanned, seen all the time, forgotten with the docking, and still there when the worklist is not.

test.describe.configure({ mode: 'serial' });

const ADA = { patientName: 'Okonkwo^Adaeze', patientId: '4001723', birthDate: '19700102', sex: 'F' } as const;
const BEN = { patientName: 'Okafor^Ben', patientId: '4001724', birthDate: '19811231', sex: 'M' } as const;
let archive: HostileArchive;
let worklist: WorklistServer;
let ward: Ward;

test.beforeAll(async () => {
  const places = await placesForWard();
  worklist = await startWlmscpfs([ADA, BEN]);
  archive = await startHostileArchive({ scenario: 'honest', stationAet: STATION_AET, stationPort: places.listenPort });
  ward = await Ward.open(places, {
    archive: { kind: 'dicomweb', name: 'Archive', baseUrl: archive.dicomWebUrl },
    worklist: { host: worklist.host, port: worklist.port, calledAet: worklist.aet },
  });
  await ward.createLead();
  await plugIn(places, 'CARD-A', await photographs(2));
  await plugIn(places, 'CARD-B', await photographs(2, 11));
  await expect(ward.page.locator('[data-testid="lane"][data-state="sealed"]')).toHaveCount(2, { timeout: PATIENCE });
  await ward.page.locator('[data-testid="lane"]', { hasText: 'CARD-A' }).getByTestId('action-file').click();
  await ward.page.getByTestId('patient-option').first().waitFor();
});

test.afterAll(async () => {
  await ward.close();
  await Promise.all([archive.stop(), worklist.stop()]);
});

test('a scanned wristband selects its patient, wherever the focus is', async () => {
  const { page } = ward;
  const card = page.getByTestId('patient-card');
  await scan(page, BEN.patientId);
  await expect(card).toContainText('Okafor');
  await page.getByTestId('region-input').focus();
  await scan(page, ADA.patientId);
  await expect(card).toContainText('Okonkwo');
  await expect(page.getByTestId('region-input')).toHaveValue('');
});

test('a code that is nobody’s selects nobody and says so', async () => {
  const { page } = ward;
  await scan(page, '9999999');
  await expect(page.getByTestId('patient-card')).toHaveCount(0);
  await expect(page.getByText('The scanned code is nobody’s on the worklist.')).toBeVisible();
});

test('what a person types is no scan: it searches', async () => {
  const { page } = ward;
  await page.getByTestId('patient-search').fill('');
  await page.getByTestId('patient-search').focus();
  await pressKeys(page, BEN.patientId, 120);
  await expect(page.getByTestId('patient-option')).toHaveCount(1);
  await expect(page.getByTestId('patient-search')).toHaveValue(BEN.patientId);
  await expect(page.getByTestId('patient-card')).toHaveCount(0);
});

test('the identity stays in sight while filing, and is forgotten with the docking', async () => {
  const { page, launched } = ward;
  await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1366, 768));
  await scan(page, ADA.patientId);
  const card = page.getByTestId('patient-card');
  await page.getByTestId('select-all').click();
  await chooseRegion(page, 'hand', 'Skin of hand');
  await page.getByTestId('side-R').click();
  await page.getByTestId('view-input').fill('close-up');
  for (const said of ['Okonkwo', ADA.patientId, '1970', 'female']) await expect(card).toContainText(said);
  await expect(card).toBeInViewport({ ratio: 1 });
  await expect(page.getByTestId('file-button')).toBeInViewport({ ratio: 1 });
  await expect(page.getByTestId('file-button')).toContainText('Okonkwo');

  const choice = page.getByTestId('docking-choice');
  const other = await choice.locator('option', { hasText: 'CARD-B' }).getAttribute('value');
  await choice.selectOption(other);
  await expect(page.getByTestId('tile')).toHaveCount(2);
  await expect(card).toHaveCount(0);
  await expect(page.getByTestId('region-chosen')).toHaveCount(0);
  await expect(page.getByTestId('file-button')).not.toContainText('Okonkwo');
});

test('with the worklist offline its entries are still used, and their age is shown', async () => {
  const { page } = ward;
  await worklist.stop();
  await page.getByTestId('worklist-age').getByRole('button').click();
  await expect(page.getByTestId('worklist-age')).toContainText('Worklist offline: this list is');
  await expect(page.getByTestId('peer-worklist')).toHaveAttribute('data-state', 'unreachable');
  await scan(page, ADA.patientId);
  await page.getByTestId('select-all').click();
  await chooseRegion(page, 'nose', 'Skin of nose');
  await page.getByTestId('file-button').click();
  await expect(page.getByTestId('tile')).toHaveCount(0);
  await expect.poll(() => archive.stored().length, { timeout: PATIENCE }).toBe(2);
});
