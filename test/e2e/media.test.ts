import { rm } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible.ts';
import { photographs, plugIn } from './support/cards.ts';
import { lane, PATIENCE } from './support/walk.ts';
import { placesForWard, Ward } from './support/ward.ts';

// The register of media: an unknown card waits for a lead, a lent one is missed when it is due, and docking it brings it back.

test.describe.configure({ mode: 'serial' });

let ward: Ward;

test.beforeAll(async () => {
  const places = await placesForWard();
  ward = await Ward.open(
    places,
    // Nothing is delivered here.
    { archive: { kind: 'dicomweb', name: 'Away', baseUrl: 'http://127.0.0.1:9/dicom-web' } },
    { policy: { unknownMediaNeedApproval: true } },
  );
  await ward.createLead();
});

test.afterAll(async () => {
  await ward.close();
});

function medium(page: Page, name: string): Locator {
  return page.getByTestId('medium').filter({ hasText: name });
}

function row(page: Page, name: string, list: string): Locator {
  return page.locator(`[data-testid="review-row"][data-list="${list}"]`, { hasText: name });
}

test('an unknown card is not read until the lead lets it in, in its lane', async () => {
  const { page, launched } = ward;
  await page.getByTestId('nav-media').click();
  await expect(page.getByRole('heading', { name: 'No medium yet' })).toBeVisible();
  await page.getByTestId('nav-dock').click();
  await plugIn(ward.places, 'CARD-ONE', await photographs(2));
  await page.getByTestId('lane-await-approval').waitFor({ timeout: PATIENCE });
  await expectAccessible(launched, 'dock-unknown');
  const { dockings } = await ward.ask('dockings.list', {});
  expect(dockings).toMatchObject([{ awaitsApproval: true, progress: null, equation: { listed: 0 } }]);
  await page.getByTestId('lane-await-approval').getByTestId('medium-let-in').click();
  await lane(page, 'sealed').waitFor({ timeout: PATIENCE });
  await expect(page.getByTestId('lane-await-approval')).toHaveCount(0);
});

test('one that was unplugged again stays unread and in Review; let in there, it is read when it comes again', async () => {
  const { page } = ward;
  const card = await plugIn(ward.places, 'CARD-TWO', await photographs(2, 5));
  await page.getByTestId('lane-await-approval').waitFor({ timeout: PATIENCE });
  await rm(card, { recursive: true });
  await page.getByTestId('lane-await-approval').waitFor({ state: 'detached', timeout: PATIENCE });
  await page.getByTestId('nav-review').click();
  await page.getByTestId('review-list-needs-approval').click();
  await row(page, 'CARD-TWO', 'needs-approval').getByTestId('medium-let-in').click();
  await expect(row(page, 'CARD-TWO', 'needs-approval')).toHaveCount(0);
  const { media } = await ward.ask('media.list', {});
  expect(media.find(({ label }) => label === 'CARD-TWO')).toMatchObject({ approved: {}, left: { clear: false } });
});

test('the lead names a card and lends it; overdue it stands in Review, until somebody says that it is back', async () => {
  const { page, launched } = ward;
  await page.getByTestId('nav-media').click();
  await medium(page, 'CARD-ONE').getByTestId('medium-open').click();
  await page.getByTestId('medium-drawer').getByTestId('medium-docking').waitFor();
  await expectAccessible(launched, 'medium-drawer');
  await page.getByTestId('medium-edit').click();
  await page.getByTestId('medium-name').fill('Theatre card');
  await page.getByTestId('medium-ownerUnit').fill('Burns');
  await page.getByTestId('medium-save').click();
  await page.getByTestId('medium-drawer').getByTestId('medium-lend').click();
  await page.getByTestId('lend-confirm').click();
  await expect(page.getByTestId('lend-dialog')).toContainText('Write who takes it.');
  await page.getByTestId('lend-borrower').fill('Dr Weber, ward 3');
  await page.getByTestId('lend-days-7').click();
  await expectAccessible(launched, 'lend-dialog');
  await page.getByTestId('lend-confirm').click();
  await expect(page.getByTestId('medium-loan')).toContainText('Dr Weber, ward 3');
  await page.keyboard.press('Escape');
  await expect(medium(page, 'Theatre card')).toContainText('Lent to Dr Weber, ward 3');
  await medium(page, 'Theatre card').getByTestId('medium-back').click();
  await expect(medium(page, 'Theatre card')).not.toContainText('Lent to');

  // Days pass: by the station's clock, which nobody turns here. So a loan that ends in a moment.
  const { media } = await ward.ask('media.list', {});
  const { id: mediumId } = media.find(({ name }) => name === 'Theatre card')!;
  await ward.ask('media.lend', { mediumId, borrower: 'Dr Weber, ward 3', dueAt: Date.now() + 3000 });
  await expect
    .poll(async () => (await ward.ask('review.list', {})).rows.some(({ list }) => list === 'not-returned'))
    .toBe(true);
  await page.getByTestId('nav-review').click();
  await page.getByTestId('review-list-not-returned').click();
  const missed = row(page, 'Theatre card', 'not-returned');
  await expect(missed).toContainText('Dr Weber, ward 3 has it.');
  await expect(missed).toContainText('Burns');
  await expectAccessible(launched, 'review-not-returned');
  await page.getByTestId('nav-media').click();
  await page.getByTestId('media-filter-overdue').click();
  await expect(page.getByTestId('medium')).toHaveCount(1);
  await page.getByTestId('media-filter-all').click();
  await expect(page.getByTestId('medium')).toHaveCount(2);
  await expectAccessible(launched, 'media');
  await page.keyboard.press('/');
  await page.keyboard.type('burns weber');
  await expect(page.getByTestId('medium')).toHaveCount(1);
  await page.getByTestId('nav-review').click();
  await missed.getByTestId('medium-back').click();
  await expect(missed).toHaveCount(0);
});

test('a retired medium is seen only when it is asked for', async () => {
  const { page } = ward;
  await page.getByTestId('nav-media').click();
  await medium(page, 'CARD-TWO').getByTestId('medium-open').click();
  await page.getByTestId('medium-edit').click();
  await page.getByTestId('medium-retired').check();
  await page.getByTestId('medium-save').click();
  await page.getByTestId('medium-dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await expect(medium(page, 'CARD-TWO')).toHaveCount(0);
  await page.getByTestId('media-filter-retired').click();
  await expect(medium(page, 'CARD-TWO')).toBeVisible();
});
