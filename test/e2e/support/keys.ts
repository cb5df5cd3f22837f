import type { CDPSession, Page } from '@playwright/test';

/** Stated time of the last key, in seconds since the epoch. */
let lastAt = 0;

/**
 * Presses keys at stated times: what a wristband scanner sends, or a person. Only the times in the events differ, so a busy
 * machine cannot turn one into the other.
 */
export async function pressKeys(
  page: Page,
  text: string,
  gapMs: number,
  lastKeys: readonly string[] = [],
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  // A second after whatever was pressed before: stated times run ahead of the clock, and time never goes back.
  lastAt = Math.max(Date.now() / 1000, lastAt + 1);
  for (const key of [...text, ...lastKeys]) {
    lastAt += gapMs / 1000;
    await press(session, key, lastAt);
  }
  await session.detach();
}

async function press(session: CDPSession, key: string, timestamp: number): Promise<void> {
  const isText = [...key].length === 1;
  const isDigit = /^\d$/.test(key);
  const code = isText ? (isDigit ? `Digit${key}` : `Key${key.toUpperCase()}`) : key;
  const windowsVirtualKeyCode = isText ? key.toUpperCase().charCodeAt(0) : 13;
  const text = isText ? key : '\r';
  const event = { key, code, windowsVirtualKeyCode, timestamp };
  await session.send('Input.dispatchKeyEvent', { type: 'keyDown', text, ...event });
  await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
}

/** A keyboard-wedge scanner: 4 ms between characters, Enter at the end. */
export async function scan(page: Page, code: string): Promise<void> {
  await pressKeys(page, code, 4, ['Enter']);
}
