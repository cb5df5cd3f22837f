import type { Locator, Page } from '@playwright/test';

/** How long a step of a real card may take before the walk gives up, in ms. */
export const PATIENCE = 120_000;

/** The lane of the newest docking, in a state. */
export function lane(page: Page, state?: string): Locator {
  return page.locator(`[data-testid="lane"]${state === undefined ? '' : `[data-state="${state}"]`}`).first();
}

/** Signs a practice person in by their button. */
export async function signInToPractice(page: Page, login: string): Promise<void> {
  await page.getByTestId(`practice-person-${login}`).click();
  await page.getByTestId('nav-dock').waitFor();
}

/** Signs in by login and password. */
export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByTestId('sign-in-login').fill(login);
  await page.getByTestId('sign-in-password').fill(password);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('nav-dock').waitFor();
}

export interface Choice {
  /** What is typed to find the patient, and the region. */
  readonly patient: string;
  readonly region: string;
  readonly side?: 'R' | 'L' | 'B';
}

/** On the File screen: takes everything that is unfiled and files it, with the keyboard alone. */
export async function fileAllByKeyboard(
  page: Page,
  choice: Choice,
  look?: (name: string) => Promise<void>,
): Promise<void> {
  await page.getByTestId('tile').first().waitFor({ timeout: PATIENCE });
  await page.keyboard.press('Control+a');
  await page
    .locator('[data-testid="tile"][data-selected="true"], [data-testid="tile"] [data-selected="true"]')
    .first()
    .waitFor();
  await page.keyboard.press('p');
  await page.locator('[data-testid="patient-search"]:focus').waitFor();
  await page.keyboard.type(choice.patient, { delay: 60 });
  await page.getByTestId('patient-option').first().waitFor();
  await look?.('patient');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByTestId('patient-card').first().waitFor();
  await page.keyboard.press('Alt+r');
  await page.locator('[data-testid="region-input"]:focus').waitFor();
  await page.keyboard.type(choice.region, { delay: 60 });
  await page.getByTestId('region-option').first().waitFor();
  await look?.('region');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByTestId('region-chosen').waitFor();
  if (choice.side) {
    await page.keyboard.press('Alt+s');
    await page.locator('[data-side-group] :focus').waitFor();
    await page.keyboard.press(choice.side.toLowerCase());
    await page.locator(`[data-testid="side-${choice.side}"] input:checked`).waitFor();
  }
  await look?.('ready');
  await page.keyboard.press('Control+Enter');
}

/** On the Dock screen: erases what the gate lets go, and waits until it is checked absent. */
export async function erase(page: Page, look?: (name: string) => Promise<void>): Promise<void> {
  await page.getByTestId('action-erase').first().click({ timeout: PATIENCE });
  await page.getByTestId('erase-dialog').waitFor();
  await look?.('erase');
  await page.getByTestId('action-erase-confirm').click();
}

/** Types a region and clicks the answer with this name; never an answer to what was typed before. */
export async function chooseRegion(page: Page, query: string, name: string): Promise<void> {
  await page.getByTestId('region-input').fill(query);
  await page
    .getByTestId('region-option')
    .filter({ has: page.getByText(name, { exact: true }) })
    .click();
  await page.getByTestId('region-chosen').waitFor();
}
