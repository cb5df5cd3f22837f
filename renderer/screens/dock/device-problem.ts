import type { IconName } from '../../components/icon.tsx';
import type { MessageId } from '../../i18n/words.ts';

/** Which drawing shows what to do. */
export type HelpPicture = 'android' | 'iphone' | 'iphone-originals' | 'held' | 'cable' | 'card';

/** A state of a device that a person has to mend: what the lane shouts, and how it is shown. */
export interface DeviceProblem {
  readonly icon: IconName;
  readonly word: MessageId;
  readonly picture: HelpPicture;
  /** What to do, one after the other. */
  readonly steps: readonly MessageId[];
}

const PLUG: DeviceProblem = {
  icon: 'unplug',
  word: 'lane.device.silent',
  picture: 'cable',
  steps: ['help.cable.out', 'help.cable.on', 'help.cable.in'],
};

const NO_CARD: DeviceProblem = {
  icon: 'card',
  word: 'lane.device.no-card',
  picture: 'card',
  steps: ['help.card.in', 'help.card.on'],
};

const PROBLEMS: Readonly<Record<string, DeviceProblem>> = {
  'phone-locked-or-charging': {
    icon: 'phone',
    word: 'lane.device.unlock',
    picture: 'android',
    steps: ['help.android.unlock', 'help.android.notice', 'help.android.choose'],
  },
  'phone-not-trusted': {
    icon: 'phone',
    word: 'lane.device.trust',
    picture: 'iphone',
    steps: ['help.iphone.unlock', 'help.iphone.trust', 'help.iphone.code'],
  },
  'phone-transcodes': {
    icon: 'phone',
    word: 'lane.device.originals',
    picture: 'iphone-originals',
    steps: ['help.originals.open', 'help.originals.choose', 'help.originals.again'],
  },
  'device-held': {
    icon: 'hand',
    word: 'lane.device.held',
    picture: 'held',
    steps: ['help.held.close', 'help.held.wait', 'help.held.it'],
  },
  'device-no-permission': {
    icon: 'lock',
    word: 'lane.device.not-allowed',
    picture: 'cable',
    steps: ['help.permission.it', 'help.permission.card'],
  },
  'camera-without-card': NO_CARD,
  'store-not-available': NO_CARD,
  'device-no-such-storage': NO_CARD,
  'device-busy': {
    icon: 'clock',
    word: 'lane.device.busy',
    picture: 'cable',
    steps: ['help.busy.menu', 'help.cable.out', 'help.cable.in'],
  },
  'device-not-answering': PLUG,
  'device-timeout': PLUG,
  'device-stalled': PLUG,
  'device-protocol': PLUG,
  'device-io': PLUG,
  'device-error': PLUG,
  'device-session-lost': PLUG,
  'device-dataset': { ...PLUG, steps: ['help.cable.out', 'help.cable.in', 'help.permission.card'] },
};

/** How a person mends what is wrong with a device; null when there is nothing of the kind. */
export function deviceProblem(code: string | null): DeviceProblem | null {
  return code !== null && Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code]! : null;
}
