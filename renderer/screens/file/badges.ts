import type { CaptureView } from '../../../shared/contract.ts';
import type { MessageId } from '../../i18n/words.ts';

export interface Badge {
  readonly word: MessageId;
  readonly look: 'plain' | 'caution';
}

/** What a tile says about its capture beside the picture: what it is made of, and what to look at twice. */
export function badgesOf(capture: CaptureView): Badge[] {
  const badges: Badge[] = [];
  const kinds = {
    photo: null,
    'raw+jpeg': 'badge.raw-jpeg',
    raw: 'badge.raw',
    'live-photo': 'badge.live',
    heic: 'badge.heic',
    video: 'badge.video',
    other: 'badge.other',
  } as const satisfies Record<CaptureView['kind'], MessageId | null>;
  const kind = kinds[capture.kind];
  if (kind) badges.push({ word: kind, look: capture.kind === 'other' ? 'caution' : 'plain' });
  if (capture.held) badges.push({ word: 'badge.held', look: 'caution' });
  if (capture.blurred) badges.push({ word: 'badge.blurred', look: 'caution' });
  if (capture.duplicate) {
    const archived = capture.duplicate.stage === 'confirmed' || capture.duplicate.stage === 'delivered';
    badges.push({ word: archived ? 'badge.archived' : 'badge.seen', look: 'caution' });
  }
  if (capture.display === 'cannot') badges.push({ word: 'badge.cannot', look: 'caution' });
  if (capture.stuck) badges.push({ word: 'badge.stuck', look: 'caution' });
  return badges;
}
