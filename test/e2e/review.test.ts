import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { startWlmscpfs } from '../support/dcmtk.ts';
import type { WorklistServer } from '../support/dcmtk.ts';
import { startHostileArchive } from '../support/hostile-archive.ts';
import type { HostileArchive } from '../support/hostile-archive.ts';
import { OTHERS, PATIENT } from './support/card-life.ts';
import { expectAccessible } from './support/accessible.ts';
import { photographs, plugIn } from './support/cards.ts';
import { chooseRegion, lane, PATIENCE } from './support/walk.ts';
import { placesForWard, STATION_AET, Ward } from './support/ward.ts';

// What has no end is seen by the lead, with its reason in words; and each role can do what it may, and no more.

test.describe.configure({ mode: 'serial' });

let archive: HostileArchive;
let worklist: WorklistServer;
let ward: Ward;

test.beforeAll(async () => {
  const places = await placesForWard();
  worklist = await startWlmscpfs([PATIENT, ...OTHERS]);
  archive = await startHostileArchive({
    scenario: 'keeps-other-pixels',
    stationAet: STATION_AET,
    stationPort: places.listenPort,
  });
  ward = await Ward.open(places, {
    archive: { kind: 'dimse', name: 'Archive', host: '127.0.0.1', port: archive.dicomPort, calledAet: archive.aet },
    worklist: { host: worklist.host, port: worklist.port, calledAet: worklist.aet },
  });
  await ward.createLead();
  await plugIn(places, 'CARD-ONE', await photographs(3));
  await lane(ward.page, 'sealed').waitFor({ timeout: PATIENCE });
});

test.afterAll(async () => {
  await ward.close();
  await Promise.all([archive.stop(), worklist.stop()]);
});

/** Files one picture of the contact sheet. */
async function fileOne(page: Page, name: string): Promise<void> {
  await page.getByTestId('nav-file').click();
  await page.getByTestId('tile').filter({ hasText: name }).click();
  if ((await page.getByTestId('patient-card').count()) === 0) {
    await page.getByTestId('patient-search').fill('Okonkwo');
    await expect(page.getByTestId('patient-option')).toHaveCount(1);
    await page.getByTestId('patient-option').click();
  }
  await chooseRegion(page, 'nose', 'Skin of nose');
  await page.getByTestId('file-button').click();
  await expect(page.getByTestId('tile').filter({ hasText: name })).toHaveCount(0);
}

function row(page: Page, name: string, list: string) {
  return page.locator(`[data-testid="review-row"][data-list="${list}"]`, { hasText: name });
}

/** What the station answers the page, past its buttons. */
function call(page: Page, name: string, input: object): Promise<{ ok: boolean; code?: string }> {
  return page.evaluate(
    ([what, how]) =>
      (
        globalThis as unknown as { photodock: { call(n: string, i: object): Promise<{ ok: boolean; code?: string }> } }
      ).photodock.call(what, how),
    [name, input] as const,
  );
}

test('the lead sees what is unfiled, since when and by whom it was docked', async () => {
  const { page } = ward;
  await page.getByTestId('nav-review').click();
  await expect(page.locator('[data-testid="review-row"][data-list="unfiled"]')).toHaveCount(3);
  await expect(row(page, 'WARD0001', 'unfiled')).toContainText('CARD-ONE');
  await expect(row(page, 'WARD0001', 'unfiled')).toContainText(/just now|\d+ (s|min) /);
  await expect(row(page, 'WARD0001', 'unfiled')).toContainText(/since/i);
});

test('an archive that keeps other pixels, and one that stores nothing: told in words, and nothing may be erased', async () => {
  const { page } = ward;
  await fileOne(page, 'WARD0002');
  await page.getByTestId('nav-review').click();
  const other = row(page, 'WARD0002', 'stuck');
  await other.waitFor({ timeout: PATIENCE });
  await expect(other).toContainText('The archive holds other pixels under this picture’s number. Nothing is erased.');

  archive.become('stores-nothing');
  await fileOne(page, 'WARD0001');
  await page.getByTestId('nav-review').click();
  const nothing = row(page, 'WARD0001', 'stuck');
  await nothing.waitFor({ timeout: PATIENCE });
  await expect(nothing).toContainText('The archive said it took the picture, but does not hold it.');
  await expect(nothing).toContainText('Okonkwo');

  await other.getByRole('button', { name: 'WARD0002' }).click();
  await expect(page.getByTestId('evidence-timeline')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByTestId('nav-dock').click();
  await lane(page, 'sealed').waitFor();
  await expect(page.getByTestId('action-erase')).toHaveCount(0);
  await expect(page.getByTestId('strip-read-back')).toHaveAttribute('data-state', 'failed');
  await expect(lane(page)).toContainText('Nothing has been erased');
});

test('a picture is rejected with a reason, and restored', async () => {
  const { page } = ward;
  await page.getByTestId('nav-review').click();
  await row(page, 'WARD0003', 'unfiled').getByTestId('review-reject').click();
  await expect(page.getByTestId('reject-confirm')).toBeDisabled();
  await page.getByTestId('reject-blurred').click();
  await page.getByTestId('reject-confirm').click();
  await row(page, 'WARD0003', 'rejected').getByTestId('review-restore').click();
  await expect(row(page, 'WARD0003', 'unfiled')).toBeVisible();
  await expect(row(page, 'WARD0003', 'rejected')).toHaveCount(0);
});

test('a hold says who, why and since when, stops rejecting, and only a reason lifts it', async () => {
  const { page } = ward;
  await page.getByTestId('nav-review').click();
  await row(page, 'WARD0003', 'unfiled').getByRole('button', { name: 'WARD0003' }).click();
  await page.getByTestId('action-hold').click();
  await expect(page.getByTestId('hold-confirm')).toBeDisabled();
  await page.getByTestId('reason').fill('Claim 2026-114, asked for by the legal department');
  await expectAccessible(ward.launched, 'hold dialog');
  await page.getByTestId('hold-confirm').click();
  await expect(page.getByTestId('evidence-hold')).toContainText('Claim 2026-114');
  await page.keyboard.press('Escape');
  const held = row(page, 'WARD0003', 'held');
  await expect(held).toContainText('Claim 2026-114, asked for by the legal department');
  await expect(held).toContainText(/since .*Held by /s);

  await row(page, 'WARD0003', 'unfiled').getByTestId('review-reject').click();
  await page.getByTestId('reject-blurred').click();
  await page.getByTestId('reject-confirm').click();
  await expect(page.getByTestId('reject-dialog')).toContainText('A legal hold is on it.');
  await page.keyboard.press('Escape');

  // The whole card, by touch alone: a usual reason.
  await page.getByTestId('nav-dock').click();
  await lane(page).getByTestId('action-hold').click();
  await page.getByTestId('hold-dialog').getByRole('button', { name: 'Police or court' }).click();
  await page.getByTestId('hold-confirm').click();
  await expect(page.getByTestId('lane-held')).toContainText('3 files are on hold');

  await page.getByTestId('nav-review').click();
  await page.getByTestId('review-list-held').click();
  await expectAccessible(ward.launched, 'what is held');
  for (const [name, reason] of [
    ['CARD-ONE', 'Police or court'],
    ['WARD0003', 'Claim'],
  ] as const) {
    const one = row(page, name, 'held').filter({ hasText: reason });
    await one.getByTestId('hold-lift').click();
    await expect(page.getByTestId('lift-dialog')).toContainText(reason);
    await expect(page.getByTestId('lift-confirm')).toBeDisabled();
    await page.getByTestId('lift-dialog').getByRole('button', { name: 'Matter is closed' }).click();
    await page.getByTestId('lift-confirm').click();
    await expect(one).toHaveCount(0);
  }
  await page.getByTestId('review-list-all').click();
  await page.getByTestId('nav-dock').click();
  await expect(page.getByTestId('lane-held')).toHaveCount(0);
});

test('staff dock and certify: they can neither file nor erase nor review', async () => {
  await ward.addPerson('sam', 'Sam Staff', 'staff');
  await ward.addPerson('pat', 'Pat Photographer', 'photographer');
  const { dockings } = await ward.ask('dockings.list', {});
  const { captures } = await ward.ask('captures.list', { stage: 'unfiled' });
  const { items } = await ward.ask('worklist.list', {});
  const dockingId = dockings[0]?.id ?? '';
  const filing = {
    captureIds: captures.map((capture) => capture.id),
    worklistItemId: items[0]?.id ?? '',
    region: { scheme: 'SCT', code: '33712006' },
    laterality: 'R',
    view: null,
    burnedIn: false,
    recognizable: false,
  };
  await ward.signOut();
  await ward.signIn('sam');
  const { page } = ward;
  await lane(page, 'sealed').waitFor();
  for (const id of ['nav-file', 'nav-review', 'nav-people', 'nav-audit', 'action-file', 'action-erase']) {
    await expect(page.getByTestId(id), id).toHaveCount(0);
  }
  await expect(lane(page)).toContainText('1 picture waits for a photographer to file');
  await expect(page.getByTestId('action-certificate')).toBeVisible();
  const refused = { ok: false, code: 'not-allowed' };
  expect(await call(page, 'captures.file', filing)).toMatchObject(refused);
  expect(await call(page, 'release.start', { dockingId })).toMatchObject(refused);
  expect(await call(page, 'worklist.list', {})).toMatchObject(refused);
  expect(await call(page, 'review.list', {})).toMatchObject(refused);

  await ward.signOut();
  await ward.signIn('pat');
  for (const id of ['nav-file', 'nav-review', 'action-file']) await expect(ward.page.getByTestId(id), id).toBeVisible();
  for (const id of ['nav-people', 'nav-audit']) await expect(ward.page.getByTestId(id), id).toHaveCount(0);
  const mallory = { login: 'mallory', displayName: 'Mallory', role: 'lead', password: 'long-enough-1' };
  expect(await call(ward.page, 'people.add', mallory)).toMatchObject(refused);
  expect(await call(ward.page, 'captures.reject', { captureIds: filing.captureIds, reason: 'blurred' })).toMatchObject(
    refused,
  );
  await ward.page.getByTestId('nav-review').click();
  await row(ward.page, 'WARD0003', 'unfiled').waitFor();
  await expect(ward.page.getByTestId('review-reject')).toHaveCount(0);
});

test('when the archive is mended, trying again ends what was stuck', async () => {
  archive.become('honest');
  const { page } = ward;
  await row(page, 'WARD0001', 'stuck').getByTestId('review-retry').click();
  await expect(row(page, 'WARD0001', 'stuck')).toHaveCount(0, { timeout: PATIENCE });
  // The archive keeps what it has under a number: other pixels stay other pixels.
  await expect(row(page, 'WARD0002', 'stuck')).toBeVisible();
  await page.getByTestId('nav-dock').click();
  await expect(page.getByTestId('action-erase')).toContainText('1');
});
