import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { verifyCertificate } from '../../../main/station/release/certificate-format.ts';
import type { OrthancServer } from '../../support/orthanc.ts';
import { photographs, plugIn, realPictures } from './cards.ts';
import type { CardFiles } from './cards.ts';
import { answerSaveDialog } from './launch.ts';
import { erase, fileAllByKeyboard, lane, PATIENCE } from './walk.ts';
import type { Choice } from './walk.ts';
import type { Ward } from './ward.ts';

/** The patient of the card; the worklist has others beside. */
export const PATIENT = { patientName: 'Okonkwo^Adaeze', patientId: 'MRN40017', accessionNumber: 'A7001' } as const;
export const OTHERS = [
  { patientName: 'Ødegård^Åse', patientId: 'MRN40018', accessionNumber: 'A7002' },
  { patientName: 'Okafor^Ben', patientId: 'MRN40019', accessionNumber: 'A7003' },
] as const;

const REAL = ['test1.jpg', 'test2.jpg', 'right.jpg', 'down-mirrored.jpg', 'short-ascii-mm.jpg'];

/** The pictures of the card: of real cameras, and synthetic ones. All of them are to be confirmed. */
export async function pictures(): Promise<CardFiles> {
  const real = await realPictures(REAL.map((name) => name.replace('-mm', '-MM')));
  return { ...real, ...(await photographs(3)) };
}

/**
 * One card's whole life in the window: it docks by itself, is sealed, filed with the keyboard alone, confirmed, erased and
 * certified; and the archive is asked whether it is true.
 * @param leftBehind what is on the card beside the pictures: it stays, untouched
 */
export async function liveThrough(
  ward: Ward,
  orthanc: OrthancServer,
  choice: Choice,
  leftBehind: CardFiles = {},
): Promise<void> {
  const { page } = ward;
  const files = { ...(await pictures()), ...leftBehind };
  const count = Object.keys(files).length - Object.keys(leftBehind).length;
  const clears = Object.keys(leftBehind).length === 0;

  // Nobody touches the window: the card appears.
  await page.getByTestId('dock-empty').waitFor();
  const root = await plugIn(ward.places, 'CARD-ONE', files);
  await lane(page, 'sealed').waitFor({ timeout: PATIENCE });
  await expect(page.getByTestId('lane-state-word')).toHaveText(/you may unplug/i);
  await expect(lane(page)).toContainText('Nothing has been erased');
  expect((await filesBelow(root)).sort()).toEqual(Object.keys(files).sort());
  await page.getByTestId('progress').first().waitFor({ state: 'detached', timeout: PATIENCE });
  await expect(page.getByTestId('peer-worklist')).toHaveAttribute('data-state', 'ok');

  await page.keyboard.press('Alt+2');
  await fileAllByKeyboard(page, choice, async (moment) => {
    if (moment !== 'ready') return;
    await expect(page.getByTestId('patient-card')).toContainText('Okonkwo');
    await expect(page.getByTestId('patient-card')).toContainText(PATIENT.patientId);
  });
  await page.keyboard.press('Alt+1');
  await page.locator('[data-testid="strip-read-back"][data-state="done"]').first().waitFor({ timeout: PATIENCE });
  expect(await orthanc.instances()).toHaveLength(count);

  await erase(page);
  await lane(page, clears ? 'clear' : 'sealed').waitFor({ timeout: PATIENCE });
  await lane(page).locator('[data-testid="strip-erased"][data-state="done"]').waitFor({ timeout: PATIENCE });
  const left = await filesBelow(root);
  expect(left.sort()).toEqual(Object.keys(leftBehind).sort());
  for (const name of left) expect(await readFile(join(root, name))).toEqual(Buffer.from(files[name] ?? []));

  await page.getByTestId('action-certificate').first().click();
  await expect(page.getByTestId('certificate-line')).toHaveCount(Object.keys(files).length);
  await checkCertificate(ward, count, left);
  await checkArchive(orthanc, choice);
}

/** Saves both forms of the certificate from the window, and verifies the signed one. */
async function checkCertificate(ward: Ward, count: number, left: readonly string[]): Promise<void> {
  const { page, launched } = ward;
  const pdf = join(ward.places.folder, 'certificate.pdf');
  await answerSaveDialog(launched.app, pdf);
  await page.getByTestId('print-certificate').click();
  await expect.poll(() => isThere(pdf)).toBe(true);
  expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');

  const saved = join(ward.places.folder, 'certificate.json');
  await answerSaveDialog(launched.app, saved);
  await page.getByTestId('save-certificate').click();
  await expect.poll(() => isThere(saved)).toBe(true);
  const text = await readFile(saved, 'utf8');
  const verdict = verifyCertificate(text);
  if (!verdict.ok) throw new Error(`the certificate does not verify: line ${verdict.line}`);
  expect(verdict.elements.at(-1)).toMatchObject({
    equation: { listed: count + left.length, confirmed: count, inDelivery: 0 },
    onMedium: { absent: count, eraseUnverified: 0 },
  });
  const altered = text.replace('WARD0001', 'WARD0009');
  expect(altered).not.toBe(text);
  expect(verifyCertificate(altered)).toMatchObject({ ok: false, what: expect.stringContaining('WARD0009') });
}

async function checkArchive(orthanc: OrthancServer, choice: Choice): Promise<void> {
  for (const id of await orthanc.instances()) {
    expect(await orthanc.tags(id)).toMatchObject({
      PatientID: PATIENT.patientId,
      PatientName: PATIENT.patientName,
      AccessionNumber: PATIENT.accessionNumber,
      ImageLaterality: choice.side ?? 'L',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.4',
    });
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Every file on a card, as relative names. */
export async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
