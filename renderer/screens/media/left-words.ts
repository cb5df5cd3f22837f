import type { LeftOnMedium } from '../../../shared/contract/media.ts';
import { ageText } from '../../i18n/format.ts';
import { words } from '../../i18n/words.ts';

/** What the last docking left on a medium, in a few words. Never more than the station has seen. */
export function leftWords(left: LeftOnMedium): string {
  if (left.clear) return words('media.left.clear');
  const parts = [
    left.present + left.kept > 0 && words('media.left.on-it', { n: left.present + left.kept }),
    left.eraseUnverified > 0 && words('media.left.unverified', { n: left.eraseUnverified }),
    left.unread > 0 && words('media.left.unread', { n: left.unread }),
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : words('media.left.unseen');
}

/** How old that knowledge is: a medium that is not docked may hold anything by now. */
export function leftSince(left: LeftOnMedium, now: number): string {
  if (left.unknownSince === null) return words('media.left.now');
  const age = ageText(left.unknownSince, now);
  const seen = left.clear || left.present + left.kept + left.eraseUnverified + left.unread > 0;
  return words(seen ? 'media.left.since' : 'media.left.gone', { age });
}
