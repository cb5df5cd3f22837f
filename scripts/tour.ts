import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { answerSaveDialog, launchApp } from '../test/e2e/support/launch.ts';
import { erase, fileAllByKeyboard, lane, PATIENCE, signInToPractice } from '../test/e2e/support/walk.ts';
import { verifyCertificate } from '../main/station/release/certificate-format.ts';

/**
 * The tour: one practice card's whole life in the real app, with pictures of every screen, light and dark. It is what
 * `npm start` shows where there is no display, and what the README's pictures are made by.
 */
const { values } = parseArgs({ options: { output: { type: 'string' } }, strict: false });
const output = path.resolve(String(values['output'] ?? process.env['PHOTODOCK_OUTPUT'] ?? 'test-results/tour'));
const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'photodock-tour-'));
await fs.mkdir(output, { recursive: true });

const launched = await launchApp({ dataDir });
const { app, page } = launched;
const say = (text: string) => process.stdout.write(`tour: ${text}\n`);

/** One picture in the light theme and one in the dark. */
async function look(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: path.join(output, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

try {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1600, 1000));
  await page.getByTestId('practice-banner').first().waitFor();
  await look('01-sign-in');

  await signInToPractice(page, 'lead');
  await page.getByTestId('dock-empty').waitFor();
  await look('02-dock-empty');
  await page.getByTestId('action-practice-card').first().click();
  await lane(page).waitFor();
  await look('03-reading');
  await lane(page, 'sealed').waitFor({ timeout: PATIENCE });
  say('the practice card is sealed');
  await page.getByTestId('action-file').first().waitFor({ timeout: PATIENCE });
  await page.getByTestId('progress').first().waitFor({ state: 'detached', timeout: PATIENCE });
  await look('04-sealed');

  await page.getByTestId('action-file').first().click();
  await page.locator('[data-testid="tile"] img').first().waitFor({ timeout: PATIENCE });
  await look('05-contact-sheet');
  await page.getByTestId('tile').first().click();
  await page.keyboard.press('Space');
  await page.getByTestId('viewer').waitFor();
  await page.locator('[data-testid="viewer"] [data-open="true"]').waitFor();
  await look('06-viewer');
  await page.keyboard.press('Escape');
  await page.getByTestId('viewer').waitFor({ state: 'detached' });
  await fileAllByKeyboard(page, { patient: 'ada', region: 'back of hand', side: 'R' }, (name) =>
    look(`07-file-${name}`),
  );
  say('every picture is filed, by keyboard alone');

  await page.getByTestId('nav-dock').click();
  await look('08-delivering');
  await lane(page).getByTestId('action-erase').waitFor({ timeout: PATIENCE });
  await page.locator('[data-testid="strip-read-back"][data-state="done"]').first().waitFor({ timeout: PATIENCE });
  say('the archive holds every picture: committed and read back');
  await look('09-confirmed');
  await erase(page, (name) => look(`10-${name}`));
  await lane(page).getByTestId('action-erase').waitFor({ state: 'detached', timeout: PATIENCE });
  await lane(page, 'erasing').waitFor({ state: 'detached', timeout: PATIENCE });
  say('erased from the card, and checked absent in a new listing');
  await look('11-erased');

  await page.getByTestId('action-certificate').first().click();
  await page.getByTestId('certificate-line').first().waitFor();
  await look('12-certificate');
  const pdf = path.join(output, 'certificate.pdf');
  await answerSaveDialog(app, pdf);
  await page.getByTestId('print-certificate').click();
  await waitForFile(pdf);
  const saved = path.join(output, 'certificate.json');
  await answerSaveDialog(app, saved);
  await page.getByTestId('save-certificate').click();
  await waitForFile(saved);
  await page.getByTestId('nav-review').click();
  await page.getByTestId('review-row').first().waitFor();
  await look('13-review');

  summarize(await fs.readFile(saved, 'utf8'));
} finally {
  await launched.stop();
  await fs.rm(dataDir, { recursive: true, force: true });
}

/** The shell writes files whole, so a file that is there is complete. */
async function waitForFile(file: string): Promise<void> {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    if (await fs.stat(file).catch(() => null)) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`the app did not write ${path.basename(file)}`);
}

function summarize(text: string): void {
  const verdict = verifyCertificate(text);
  if (!verdict.ok) throw new Error(`the certificate does not verify: line ${verdict.line}`);
  const sum = verdict.elements.at(-1) as { equation: Record<string, number>; onMedium: Record<string, number> };
  const { listed, ...terms } = sum.equation;
  say('the certificate, signed and verified:');
  process.stdout.write(
    [
      `  ${listed} listed = ${Object.entries(terms)
        .map(([name, count]) => `${count} ${name}`)
        .join(' + ')}`,
      `  on the medium: ${Object.entries(sum.onMedium)
        .map(([name, count]) => `${count} ${name}`)
        .join(', ')}`,
      ...verdict.elements
        .filter((element) => 'file' in element)
        .map((element) => {
          const because = (element['because'] as string[]).join(', ');
          return `  ${String(element['file']).padEnd(32)} ${String(element['end'])}${because ? ` (${because})` : ''}`;
        }),
      `  signed with Ed25519 key ${verdict.publicKey}`,
      '',
    ].join('\n'),
  );
}
