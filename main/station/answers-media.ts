import type { CallName, CallOutput, CallParsed } from '../../shared/contract.ts';
import type { SignedIn } from './people/index.ts';
import type { Rooms } from './rooms.ts';

type MediaCall = Extract<CallName, `media.${string}`>;
interface Context {
  readonly rooms: Rooms;
  readonly person: SignedIn;
}

/** What the station answers to the calls of the register of media. */
export const mediaAnswers: {
  readonly [N in MediaCall]: (input: CallParsed<N>, context: Context) => Promise<CallOutput<N>>;
} = {
  'media.list': async (_input, { rooms }) => ({ media: await rooms.media.list() }),
  'media.get': ({ mediumId }, { rooms }) => rooms.media.get(mediumId),
  'media.update': async (change, { rooms, person }) => {
    await rooms.media.update(change, person);
    rooms.announceChange();
    return {};
  },
  'media.approve': async ({ mediumId }, { rooms, person }) => {
    await rooms.media.approve(mediumId, person);
    rooms.announceChange();
    return {};
  },
  'media.lend': async (order, { rooms, person }) => {
    const loan = await rooms.media.lend(order, person);
    rooms.announceChange();
    return loan;
  },
  'media.return': async ({ mediumId }, { rooms, person }) => {
    await rooms.media.takeBack(mediumId, person);
    rooms.announceChange();
    return {};
  },
};
