import { durationText } from '../../i18n/format.ts';
import { words } from '../../i18n/words.ts';

/** Beyond this a picture's own time says the wrong minute, and sessions are told apart wrongly (ms). */
export const CLOCK_IS_OFF = 2 * 60_000;

/** Whether a device's clock should be set. `offsetMs` is device minus station. */
export function isOff(offsetMs: number): boolean {
  return Math.abs(offsetMs) > CLOCK_IS_OFF;
}

/** `2 min 4 s fast`, `3 h 0 min slow`, `right`. */
export function clockWords(offsetMs: number): string {
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  if (seconds < 2) return words('media.clock.right');
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  const time =
    minutes > 0 && minutes < 60 && rest > 0
      ? words('media.clock.minutes-seconds', { m: minutes, s: rest })
      : durationText(seconds);
  return words(offsetMs > 0 ? 'media.clock.fast' : 'media.clock.slow', { time });
}
