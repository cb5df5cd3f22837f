import type { DockingView } from '../../../shared/contract.ts';
import { missingCase } from '../../../shared/domain/errors.ts';
import type { IconName } from '../../components/icon.tsx';
import type { MessageId, Values } from '../../i18n/words.ts';

export type LaneLook = 'busy' | 'danger' | 'safe' | 'clear' | 'trouble' | 'calm';

export interface LaneState {
  readonly look: LaneLook;
  readonly icon: IconName;
  readonly word: MessageId;
  readonly below: MessageId;
  readonly values: Values;
}

/** What a lane shouts across the room, and the line below it. Never says more than the station knows. */
export function laneState(docking: DockingView): LaneState {
  const { onMedium } = docking;
  const left = onMedium.present + onMedium.kept + onMedium.eraseUnverified;
  const values = { erased: onMedium.absent, left, sealed: sealedCount(docking), listed: docking.equation.listed };
  switch (docking.state) {
    case 'listing':
      return { look: 'busy', icon: 'reading', word: 'lane.listing', below: 'lane.listing.below', values };
    case 'reading':
      return { look: 'busy', icon: 'reading', word: 'lane.reading', below: 'lane.reading.below', values };
    case 'sealed':
      if (onMedium.eraseUnverified > 0) {
        const unverified = { ...values, unverified: onMedium.eraseUnverified };
        return {
          look: 'trouble',
          icon: 'warning',
          word: 'lane.sealed',
          below: 'lane.unverified.below',
          values: unverified,
        };
      }
      if (docking.notListed > 0 || docking.equation.unreadable > 0) {
        return {
          look: 'trouble',
          icon: 'warning',
          word: 'lane.incomplete',
          below: docking.notListed > 0 ? 'lane.not-listed.below' : 'lane.unreadable.below',
          values: { ...values, notListed: docking.notListed, unreadable: docking.equation.unreadable },
        };
      }
      return {
        look: 'safe',
        icon: 'seal',
        word: 'lane.sealed',
        below: onMedium.absent > 0 ? 'lane.partly.below' : 'lane.sealed.below',
        values,
      };
    case 'erasing':
      return { look: 'danger', icon: 'stop', word: 'lane.erasing', below: 'lane.erasing.below', values };
    case 'clear':
      return { look: 'clear', icon: 'check', word: 'lane.clear', below: 'lane.clear.below', values };
    case 'unplugged-early':
      return { look: 'trouble', icon: 'unplug', word: 'lane.early', below: 'lane.early.below', values };
    case 'cancelled':
      return { look: 'calm', icon: 'minus', word: 'lane.cancelled', below: 'lane.cancelled.below', values };
    case 'failed':
      return { look: 'trouble', icon: 'warning', word: 'lane.failed', below: 'lane.failed.below', values };
    default:
      return missingCase(docking.state);
  }
}

/** How many items are sealed: the step of the strip knows. */
export function sealedCount(docking: DockingView): number {
  return docking.strip.find((step) => step.step === 'sealed')?.done ?? 0;
}

/** True while the docking must be seen: plugged in, or pulled out too early and not docked again since. */
export function hasLane(docking: DockingView, all: readonly DockingView[]): boolean {
  if (docking.connected) return true;
  if (docking.state !== 'unplugged-early') return false;
  return !all.some((other) => other.medium.id === docking.medium.id && other.startedAt > docking.startedAt);
}
