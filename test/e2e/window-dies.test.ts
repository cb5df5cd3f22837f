import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import { startOrthanc } from '../support/orthanc.ts';
import type { OrthancServer } from '../support/orthanc.ts';
import { OTHERS, PATIENT } from './support/card-life.ts';
import { photographs, plugIn } from './support/cards.ts';
import { fileAllByKeyboard, lane, PATIENCE } from './support/walk.ts';
import { placesForWard, STATION_AET, Ward } from './support/ward.ts';

// The window may lock, crash or be killed: the station delivers on, and a new window finds it again. The archive is halted
// while pictures are filed, so that the delivery is certainly under way when the window goes.

test.describe.configure({ mode: 'serial' });

const COUNT = 3;
let orthanc: OrthancServer;
let ward: Ward;

test.beforeAll(async () => {
  const places = await placesForWard();
  orthanc = await startOrthanc({
    stationAet: STATION_AET,
    stationHost: '127.0.0.1',
    stationPort: places.listenPort,
    worklist: [PATIENT, ...OTHERS],
  });
  const peer = { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet };
  ward = await Ward.open(places, { archive: { kind: 'dimse', name: 'Orthanc', ...peer }, worklist: peer });
  await ward.createLead();
});

test.afterAll(async () => {
  await ward.close();
  await orthanc.stop();
});

/** Docks a card and files all of it while the archive is away. */
async function fileWhileArchiveIsAway(card: string, first: number): Promise<void> {
  const { page } = ward;
  await page.getByTestId('nav-dock').click();
  await plugIn(ward.places, card, await photographs(COUNT, first));
  const own = page.locator('[data-testid="lane"][data-state="sealed"]', { hasText: card });
  await own.waitFor({ timeout: PATIENCE });
  await expect(page.getByTestId('peer-worklist')).toHaveAttribute('data-state', 'ok');
  await orthanc.halt();
  await own.getByTestId('action-file').click();
  await fileAllByKeyboard(page, { patient: 'okon', region: 'back of hand', side: 'R' });
  await expect(page.getByTestId('tile')).toHaveCount(0);
}

async function instances(): Promise<number> {
  return (await orthanc.instances()).length;
}

test('locking hides every patient and stops no delivery', async () => {
  await fileWhileArchiveIsAway('CARD-LOCK', 1);
  const { page } = ward;
  await page.getByTestId('filter-all').click();
  await page.locator('[data-testid="tile"] img').first().waitFor();
  await page.getByTestId('nav-review').click();
  await expect(page.getByTestId('review-row').first()).toContainText('Okonkwo');
  const capture = (await ward.ask('captures.list', {})).captures[0];

  const locked = await ward.launched.pageAfterPurge(() => page.getByTestId('lock').click());
  await locked.getByTestId('sign-in-login').waitFor();
  await expect(locked.locator('body')).not.toContainText('Okonkwo');
  await expect(locked.locator('body')).not.toContainText(PATIENT.patientId);
  const shown = await locked.evaluate(
    (address) =>
      fetch(address).then(
        (answer) => answer.status,
        () => 0,
      ),
    `image://view/${capture?.id}/thumb`,
  );
  expect(shown).not.toBe(200);

  await orthanc.resume();
  await expect.poll(instances, { timeout: PATIENCE }).toBe(COUNT);
  await expect(locked.getByTestId('sign-in-login')).toBeVisible();
  await ward.signIn();
  await lane(ward.page).locator('[data-testid="strip-read-back"][data-state="done"]').waitFor({ timeout: PATIENCE });
});

test('the renderer is killed, then the whole window: delivery ends in the station, and a new window finds it', async () => {
  await fileWhileArchiveIsAway('CARD-KILL', COUNT + 1);
  const stationPid = await ward.stationPid();
  const { launched } = ward;
  const rendererPid = await launched.app.evaluate(
    ({ webContents }) => webContents.getAllWebContents()[0]?.getOSProcessId() ?? 0,
  );
  const back = await launched.pageAfterPurge(() => Promise.resolve(process.kill(rendererPid, 'SIGKILL')));
  await back.locator('[data-testid="sign-in-login"], [data-testid="nav-dock"]').first().waitFor();

  const main = launched.app.process();
  const gone = once(main, 'exit');
  main.kill('SIGKILL');
  await gone;
  expect(await instances().catch(() => 'away')).toBe('away');
  await orthanc.resume();
  await expect.poll(instances, { timeout: PATIENCE }).toBe(2 * COUNT);
  await expect
    .poll(async () => (await ward.ask('station.status', {})).captures, { timeout: PATIENCE })
    .toMatchObject({ confirmed: 2 * COUNT, delivered: 0, filed: 0 });

  await ward.openWindowAgain();
  expect(await ward.stationPid()).toBe(stationPid);
  await ward.signIn();
  await expect(ward.page.getByTestId('lane')).toHaveCount(2);
  await expect(ward.page.locator('[data-testid="strip-read-back"][data-state="done"]')).toHaveCount(2);
  await expect(ward.page.getByTestId('action-erase')).toHaveCount(2);
});
