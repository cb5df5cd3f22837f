import { expect, test } from '@playwright/test';
import { startHostileArchive } from '../support/hostile-archive.ts';
import type { HostileArchive } from '../support/hostile-archive.ts';
import { startWlmscpfs } from '../support/dcmtk.ts';
import { expectAccessible } from './support/accessible.ts';
import { OTHERS, PATIENT } from './support/card-life.ts';
import { brokenPicture, photograph, photographs, plugIn } from './support/cards.ts';
import { chooseRegion, lane, PATIENCE } from './support/walk.ts';
import { placesForWard, STATION_AET, Ward } from './support/ward.ts';

// Every screen in each of its states, in light and in dark, is checked by axe: no violation.

test.describe.configure({ mode: 'serial' });

let archive: HostileArchive;
let ward: Ward;
let stopPeers: () => Promise<unknown> = async () => undefined;

test.beforeAll(async () => {
  const places = await placesForWard();
  const worklist = await startWlmscpfs([PATIENT, ...OTHERS]);
  archive = await startHostileArchive({
    scenario: 'keeps-other-pixels',
    stationAet: STATION_AET,
    stationPort: places.listenPort,
  });
  stopPeers = () => {
    stopPeers = async () => undefined;
    return Promise.all([archive.stop(), worklist.stop()]);
  };
  ward = await Ward.open(places, {
    archive: { kind: 'dicomweb', name: 'Archive', baseUrl: archive.dicomWebUrl },
    worklist: { host: worklist.host, port: worklist.port, calledAet: worklist.aet },
  });
});

test.afterAll(async () => {
  await ward.close();
  await stopPeers();
});

test('first start, empty dock, people, audit, keys', async () => {
  const { launched, page } = ward;
  await page.getByTestId('first-lead-submit').waitFor();
  await page.getByTestId('first-lead-submit').click();
  await expectAccessible(launched, 'first-lead');
  await ward.createLead();
  await page.getByTestId('dock-empty').waitFor();
  await expectAccessible(launched, 'dock-empty');
  await page.getByTestId('nav-file').click();
  await page.getByRole('heading', { level: 2 }).first().waitFor();
  await expectAccessible(launched, 'file-empty');
  await page.getByTestId('nav-review').click();
  await page.getByTestId('review-list-all').waitFor();
  await expectAccessible(launched, 'review-empty');
  await page.getByTestId('nav-people').click();
  await page.getByTestId('person').first().waitFor();
  await expectAccessible(launched, 'people');
  await page.getByTestId('people-add').click();
  await page.getByTestId('person-submit').click();
  await expectAccessible(launched, 'person-dialog');
  await page.keyboard.press('Escape');
  await page.getByTestId('nav-audit').click();
  await page.getByTestId('audit-line').first().waitFor();
  await page.getByTestId('audit-verify').click();
  await page.getByTestId('audit-result').waitFor();
  await expectAccessible(launched, 'audit');
  await page.keyboard.press('F1');
  await page.getByTestId('key-map').waitFor();
  await expectAccessible(launched, 'keys');
  await page.keyboard.press('Escape');
});

test('a docked card, filing, the viewer', async () => {
  const { launched, page } = ward;
  await page.getByTestId('nav-dock').click();
  const long = new Date(2026, 10, 20, 15, 30);
  await plugIn(ward.places, 'CARD-ONE', {
    ...(await photographs(9)),
    'DCIM/100WARDS/LATE0001.JPG': await photograph(21, long),
    'DCIM/100WARDS/BROKEN.JPG': brokenPicture(),
    'NOTES.XYZ': Buffer.from('nobody knows what this is'),
  });
  await lane(page, 'sealed').waitFor({ timeout: PATIENCE });
  await page.getByTestId('progress').first().waitFor({ state: 'detached', timeout: PATIENCE });
  await expectAccessible(launched, 'dock-sealed');
  await page.getByTestId('strip-sealed').click();
  await page.getByTestId('docking-evidence').getByRole('button').nth(1).waitFor();
  await expectAccessible(launched, 'docking-evidence');
  await page.keyboard.press('Escape');
  await page.getByTestId('action-file').click();
  await page.locator('[data-testid="tile"] img').first().waitFor();
  await expectAccessible(launched, 'file');
  await page.getByTestId('tile').filter({ hasText: 'WARD0001' }).focus();
  await page.keyboard.press('Space');
  await page.locator('[data-testid="viewer"] [data-open="true"]').waitFor();
  await page.keyboard.press('e');
  await page.getByTestId('evidence-timeline').waitFor();
  await expectAccessible(launched, 'viewer');
  await page.keyboard.press('Escape');
  await page.getByTestId('patient-search').fill('ok');
  await expect(page.getByTestId('patient-option')).toHaveCount(2);
  await expectAccessible(launched, 'file-patient');
  await page.getByTestId('patient-option').first().click();
  await page.getByTestId('region-input').fill('left hand');
  await page.getByTestId('region-option').first().waitFor();
  await expectAccessible(launched, 'file-region');
  await page.getByTestId('region-option').first().click();
  await page.getByTestId('tile').filter({ hasText: 'WARD0001' }).click();
  await page.getByTestId('tile').filter({ hasText: 'WARD0002' }).click();
  await expectAccessible(launched, 'file-ready');
});

test('stuck, erasing, certified, offline, locked', async () => {
  const { launched, page } = ward;
  await page.getByTestId('file-button').click();
  await page.getByTestId('nav-review').click();
  await expect(page.locator('[data-testid="review-row"][data-list="stuck"]')).toHaveCount(2, { timeout: PATIENCE });
  await expectAccessible(launched, 'review');
  await page.locator('[data-testid="review-row"][data-list="stuck"] button').first().click();
  await page.getByTestId('evidence-timeline').waitFor();
  await expectAccessible(launched, 'review-evidence');
  await page.keyboard.press('Escape');
  await page.getByTestId('review-reject').first().click();
  await page.getByTestId('reject-dialog').waitFor();
  await expectAccessible(launched, 'reject');
  await page.keyboard.press('Escape');

  archive.become('honest');
  await page.getByTestId('nav-file').click();
  await page.getByTestId('tile').filter({ hasText: 'WARD0003' }).click();
  await page.getByTestId('tile').filter({ hasText: 'WARD0004' }).click();
  await chooseRegion(page, 'nose', 'Skin of nose');
  if ((await page.getByTestId('patient-card').count()) === 0) await page.getByTestId('patient-option').first().click();
  await page.getByTestId('file-button').click();
  await page.getByTestId('nav-dock').click();
  await expect(page.getByTestId('action-erase')).toContainText('2', { timeout: PATIENCE });
  await expectAccessible(launched, 'dock-partly');
  await page.getByTestId('action-erase').click();
  await page.getByTestId('erase-dialog').getByRole('listitem').first().waitFor();
  await expectAccessible(launched, 'erase');
  await page.getByTestId('action-erase-confirm').click();
  await expect(page.getByTestId('strip-erased')).toContainText('2/', { timeout: PATIENCE });
  await lane(page, 'sealed').waitFor();
  await expectAccessible(launched, 'dock-erased');
  await page.getByTestId('action-certificate').click();
  await expect(page.getByTestId('save-certificate')).toBeEnabled();
  await expectAccessible(launched, 'certificate');

  await stopPeers();
  await page.getByTestId('nav-file').click();
  await page.getByTestId('worklist-age').getByRole('button').click();
  await expect(page.getByTestId('worklist-age')).toContainText('Worklist offline');
  await expect(page.getByTestId('peer-archive')).toHaveAttribute('data-state', 'unreachable', { timeout: PATIENCE });
  await expectAccessible(launched, 'file-offline');
  await launched.pageAfterPurge(() => page.getByTestId('lock').click());
  await launched.page.getByTestId('sign-in-login').waitFor();
  await expectAccessible(launched, 'locked');
});
