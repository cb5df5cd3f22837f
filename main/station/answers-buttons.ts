import type { CallName, CallOutput, CallParsed } from '../../shared/contract.ts';
import type { SignedIn } from './people/index.ts';
import type { Rooms } from './rooms.ts';

type ButtonCall = Extract<CallName, `buttons.${string}` | `scans.${string}`>;
interface Context {
  readonly rooms: Rooms;
  readonly person: SignedIn;
}

/** What the station answers about pedals, buttons and scanners. */
export const buttonsAnswers: {
  readonly [N in ButtonCall]: (input: CallParsed<N>, context: Context) => Promise<CallOutput<N>>;
} = {
  'buttons.list': (_input, { rooms }) => rooms.buttons.list(),
  'buttons.learn.start': async (_input, { rooms }) => rooms.buttons.startTeaching(),
  'buttons.learn.state': async (_input, { rooms }) => rooms.buttons.teaching(),
  'buttons.learn.stop': async (_input, { rooms }) => {
    rooms.buttons.stopTeaching();
    return {};
  },
  'buttons.save': ({ label, action }, { rooms, person }) => rooms.buttons.save(label, action, person),
  'buttons.remove': async ({ buttonId }, { rooms, person }) => {
    await rooms.buttons.remove(buttonId, person);
    return {};
  },
  'buttons.export': async (_input, { rooms, person }) => ({ text: await rooms.buttons.export(person) }),
  'buttons.import': ({ text }, { rooms, person }) => rooms.buttons.import(text, person),
  'scans.take': async ({ scanId }, { rooms }) => ({ code: rooms.buttons.takeScan(scanId) }),
};
