import type { DockingView } from '../../../shared/contract.ts';
import { missingCase } from '../../../shared/domain/errors.ts';
import { isDevice } from '../../../shared/domain/media.ts';
import type { IconName } from '../../components/icon.tsx';
import type { MessageId, Values } from '../../i18n/words.ts';
import { deviceProblem } from './device-problem.ts';

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
  const { kind } = docking.medium;
  const values = { erased: onMedium.absent, left, sealed: sealedCount(docking), listed: docking.equation.listed, kind };
  if (docking.awaitsApproval) {
    return { look: 'trouble', icon: 'lock', word: 'lane.approval', below: 'lane.approval.below', values };
  }
  const mend = docking.connected ? deviceProblem(docking.problem) : null;
  if (mend && (docking.state === 'failed' || docking.state === 'listing' || docking.state === 'reading')) {
    const below = docking.equation.listed === 0 ? 'lane.device.nothing-yet' : 'lane.device.waits';
    return { look: 'trouble', icon: mend.icon, word: mend.word, below, values };
  }
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
          below: isDevice(kind)
            ? 'lane.incomplete.device.below'
            : docking.notListed > 0
              ? 'lane.not-listed.below'
              : 'lane.unreadable.below',
          values: { ...values, notListed: docking.notListed, unreadable: docking.equation.unreadable },
        };
      }
      return {
        look: 'safe',
        icon: 'seal',
        word: 'lane.sealed',
        below: sealedBelow(docking),
        values,
      };
    case 'erasing':
      return { look: 'danger', icon: 'stop', word: 'lane.erasing', below: 'lane.erasing.below', values };
    case 'clear':
      // A live camera keeps nothing: it is never full, and never cleared.
      if (kind === 'dermatoscope') {
        return { look: 'safe', icon: 'seal', word: 'lane.live-camera', below: 'lane.live-camera.below', values };
      }
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

/** Below *sealed*: what became of the medium. A device that tells of its pictures may as well stay plugged in. */
function sealedBelow(docking: DockingView): MessageId {
  if (docking.onMedium.absent > 0) return 'lane.partly.below';
  if (docking.keptWhole === 'personal-phone') return 'lane.personal.below';
  return docking.live ? 'lane.live.below' : 'lane.sealed.below';
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
