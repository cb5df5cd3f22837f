import { rename } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { startWlmscpfs } from '../support/dcmtk.ts';
import type { WorklistServer } from '../support/dcmtk.ts';
import { startHostileArchive } from '../support/hostile-archive.ts';
import type { HostileArchive } from '../support/hostile-archive.ts';
import { OTHERS, PATIENT } from './support/card-life.ts';
import { brokenPicture, manyPictures, photographs, plugIn } from './support/cards.ts';
import { lane, PATIENCE } from './support/walk.ts';
import { placesForWard, STATION_AET, Ward } from './support/ward.ts';

// Pictures are chosen by mouse and by keyboard, looked at in full, and shown as what they are; and a docking that is cut short.

test.describe.configure({ mode: 'serial' });

let archive: HostileArchive;
let worklist: WorklistServer;
let ward: Ward;

test.beforeAll(async () => {
  const places = await placesForWard();
  worklist = await startWlmscpfs([PATIENT, ...OTHERS]);
  archive = await startHostileArchive({ scenario: 'honest', stationAet: STATION_AET, stationPort: places.listenPort });
  ward = await Ward.open(places, {
    archive: { kind: 'dicomweb', name: 'Archive', baseUrl: archive.dicomWebUrl },
    worklist: { host: worklist.host, port: worklist.port, calledAet: worklist.aet },
  });
  await ward.createLead();
});

test.afterAll(async () => {
  await ward.close();
  await Promise.all([archive.stop(), worklist.stop()]);
});

/** Names of the pictures that are selected, in their order. */
async function selected(): Promise<string[]> {
  const texts = await ward.page.locator('[data-testid="tile"][aria-selected="true"]').allTextContents();
  return texts.map((text) => /(WARD\d{4}|BROKEN)/.exec(text)?.[0] ?? text).toSorted();
}

const ward4 = (...numbers: number[]): string[] => numbers.map((number) => `WARD${String(number).padStart(4, '0')}`);

test('pictures are selected by mouse: one by one, and a range with Shift', async () => {
  const { page } = ward;
  await plugIn(ward.places, 'CARD-SHEET', { ...(await photographs(6)), 'DCIM/100WARDS/BROKEN.JPG': brokenPicture() });
  await lane(page, 'sealed').waitFor({ timeout: PATIENCE });
  await page.getByTestId('progress').first().waitFor({ state: 'detached', timeout: PATIENCE });
  await page.getByTestId('action-file').click();
  await expect(page.getByTestId('tile')).toHaveCount(7);
  const tile = (name: string) => page.getByTestId('tile').filter({ hasText: name });
  await tile('WARD0002').click();
  await tile('WARD0005').click({ modifiers: ['Shift'] });
  await expect.poll(selected).toEqual(ward4(2, 3, 4, 5));
  await tile('WARD0003').click();
  await expect.poll(selected).toEqual(ward4(2, 4, 5));
  await expect(page.getByTestId('selected-count')).toContainText('3');
  await page.getByTestId('select-none').click();
  await expect.poll(selected).toEqual([]);
});

test('pictures are selected by keyboard: moved, marked, a range, all and none', async () => {
  const { page } = ward;
  await page.getByTestId('tile').filter({ hasText: 'WARD0001' }).focus();
  await page.keyboard.press('x');
  await expect.poll(selected).toEqual(ward4(1));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('x');
  await expect.poll(selected).toEqual(ward4(1, 2));
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(selected).toContain('WARD0004');
  await page.keyboard.press('Control+a');
  await expect.poll(selected).toHaveLength(7);
  await page.keyboard.press('Escape');
  await expect.poll(selected).toEqual([]);
});

test('the viewer opens by Space, zooms into the full picture, turns pages, and gives the focus back', async () => {
  const { page } = ward;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByTestId('tile').filter({ hasText: 'WARD0001' }).focus();
  await page.keyboard.press('Space');
  const viewer = page.getByTestId('viewer');
  await viewer.locator('[data-open="true"]').waitFor();
  await expect(viewer).toContainText('960 × 640');
  expect(asked.filter((address) => address.endsWith('/full'))).toEqual([]);
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('+');
  await expect.poll(() => asked.filter((address) => address.endsWith('/full')).length).toBe(1);
  await page.keyboard.press('0');
  await page.keyboard.press('ArrowRight');
  await expect(viewer).toContainText('WARD0002.JPG');
  await page.keyboard.press('x');
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  await expect(page.locator('[data-testid="tile"]:focus')).toContainText('WARD0002');
  await expect.poll(selected).toEqual(ward4(2));
});

test('a picture that cannot be displayed says so, and is sealed all the same', async () => {
  const { page } = ward;
  const tile = page.getByTestId('tile').filter({ hasText: 'BROKEN' });
  await expect(tile).toHaveAttribute('data-display', 'cannot');
  await tile.focus();
  await page.keyboard.press('Space');
  await expect(page.getByTestId('viewer').getByRole('heading', { level: 3 })).toHaveText(/cannot be displayed/i);
  await page.keyboard.press('Escape');
  const { captures } = await ward.ask('captures.list', {});
  const broken = captures.find((capture) => capture.name === 'BROKEN.JPG');
  const { items } = await ward.ask('captures.get', { captureId: broken?.id ?? '' });
  expect(items).toMatchObject([{ stage: 'proven' }]);
});

test('reading is stopped, and goes on where it stopped', async () => {
  const { page } = ward;
  await page.getByTestId('nav-dock').click();
  await plugIn(ward.places, 'CARD-STOP', await manyPictures(400, 'stop'));
  const own = page.getByTestId('lane').filter({ hasText: 'CARD-STOP' });
  await own.getByTestId('action-cancel').click({ timeout: PATIENCE });
  await expect(own).toHaveAttribute('data-state', 'cancelled');
  await expect(own.getByTestId('lane-state-word')).toHaveText(/stopped/i);
  await own.getByTestId('action-resume').click();
  await expect(own).toHaveAttribute('data-state', 'sealed', { timeout: PATIENCE });
  await expect(own.getByTestId('strip-re-read')).toContainText('400/400');
});

test('a card pulled too early is told at once, nothing of it is called sealed, and put back it is read to the end', async () => {
  const { page } = ward;
  const root = await plugIn(ward.places, 'CARD-PULL', await manyPictures(400, 'pull'));
  const own = page.getByTestId('lane').filter({ hasText: 'CARD-PULL' });
  await own.getByTestId('action-cancel').waitFor({ timeout: PATIENCE });
  const pulled = `${ward.places.folder}/pulled`;
  await rename(root, pulled);
  await expect(own.first()).toHaveAttribute('data-state', 'unplugged-early');
  await expect(own.first().getByTestId('lane-state-word')).toHaveText(/unplugged too early/i);
  await rename(pulled, root);
  await expect(own.first()).toHaveAttribute('data-state', 'sealed', { timeout: PATIENCE });
  await expect(own.first().getByTestId('strip-re-read')).toContainText('400/400');
});
