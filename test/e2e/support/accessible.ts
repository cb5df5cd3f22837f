import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { LaunchedApp } from './launch.ts';

/** WCAG 2.2 AA, as axe names its parts. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Checks the screen with axe in light and in dark. Its script runs by the debugger, which the page's content security policy
 * does not hold for; legacy mode, because Electron opens no second page for the results.
 * With PHOTODOCK_PICTURES set, pictures of the screen in both colours and two sizes are written beside the report.
 */
export async function expectAccessible(launched: LaunchedApp, screen: string): Promise<void> {
  const { page } = launched;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES).analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
    expect.soft(found, `${screen}, ${colorScheme}`).toEqual([]);
    await takePictures(launched, `${screen}-${colorScheme}`);
  }
}

async function takePictures({ app, page }: LaunchedApp, name: string): Promise<void> {
  if (!process.env['PHOTODOCK_PICTURES']) return;
  const folder = join(process.env['PHOTODOCK_OUTPUT'] ?? 'test-results', 'pictures');
  await mkdir(folder, { recursive: true });
  for (const [width, height] of [
    [1366, 768],
    [1598, 998],
  ] as const) {
    await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(...size), [
      width,
      height,
    ] as [number, number]);
    // A display may cut the last pixel off.
    await expect
      .poll(() => page.evaluate(() => (globalThis as unknown as { innerWidth: number }).innerWidth))
      .toBeGreaterThan(width - 3);
    await page.screenshot({ path: join(folder, `${name}-${width}.png`) });
  }
}
