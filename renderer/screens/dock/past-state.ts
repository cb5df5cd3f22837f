import type { DockingView } from '../../../shared/contract.ts';
import type { IconName } from '../../components/icon.tsx';
import type { MessageId } from '../../i18n/words.ts';

export interface PastState {
  readonly look: 'good' | 'warn' | 'doing' | 'quiet';
  readonly icon: IconName;
  readonly word: MessageId;
  readonly count: number;
}

/** What matters most about a docking that is over: what somebody still has to do for it. */
export function pastState(docking: DockingView): PastState {
  const { equation, onMedium } = docking;
  if (onMedium.eraseUnverified > 0) {
    return { look: 'warn', icon: 'warning', word: 'past.unverified', count: onMedium.eraseUnverified };
  }
  if (docking.state === 'clear') return { look: 'good', icon: 'check', word: 'lane.clear', count: 0 };
  if (docking.state === 'failed') return { look: 'warn', icon: 'warning', word: 'past.failed', count: 0 };
  if (docking.state === 'unplugged-early') return { look: 'warn', icon: 'unplug', word: 'past.early', count: 0 };
  if (equation.unfiled > 0) return { look: 'warn', icon: 'picture', word: 'past.unfiled', count: equation.unfiled };
  if (equation.inDelivery > 0)
    return { look: 'doing', icon: 'clock', word: 'past.delivering', count: equation.inDelivery };
  if (docking.releasable > 0) return { look: 'warn', icon: 'erase', word: 'past.erasable', count: docking.releasable };
  if (docking.state === 'cancelled') return { look: 'quiet', icon: 'minus', word: 'past.cancelled', count: 0 };
  const unread = docking.notListed + equation.unreadable;
  if (unread > 0) return { look: 'warn', icon: 'warning', word: 'past.unread', count: unread };
  return { look: 'good', icon: 'check', word: 'past.settled', count: 0 };
}
