import type { CallOutput, CallParsed } from '../../shared/contract.ts';
import type { captureCalls } from '../../shared/contract/capture.ts';
import type { AnswerContext } from './answers.ts';

type CaptureCall = keyof typeof captureCalls;

/** What the station answers about cameras that the window shows live. */
export const captureAnswers: {
  readonly [N in CaptureCall]: (input: CallParsed<N>, context: AnswerContext) => Promise<CallOutput<N>>;
} = {
  'capture.devices': async (_input, { rooms }) => ({ devices: await rooms.liveCameras.list() }),
  'capture.open': ({ device }, { rooms, person }) => rooms.liveCameras.open(device, person.personId),
  'capture.here': async ({ dockingId }, { rooms }) => ({ open: rooms.liveCameras.here(dockingId) }),
  'capture.close': async ({ dockingId }, { rooms }) => {
    await rooms.liveCameras.close(dockingId);
    return {};
  },
  'capture.optics': ({ mediumId, optics }, { rooms, person }) =>
    rooms.liveCameras.noteOptics(mediumId, optics, person.personId),
  'capture.describe': ({ mediumId, ...words }, { rooms, person }) =>
    rooms.liveCameras.describe(mediumId, words, person.personId),
  'capture.frames': async ({ dockingId }, { rooms }) => ({ frames: await rooms.liveCameras.frames(dockingId) }),
};
