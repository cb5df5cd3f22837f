import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { moment } from '../patient.ts';
import { errorCode } from '../../../shared/domain/errors.ts';
import type { Output } from '../schemas.ts';
import { StationSession } from '../station-session.ts';

const LOOK_AGAIN_MS = 1000;

export const serve: Command = {
  name: 'serve',
  summary: 'run the pipeline until stopped (SIGINT or SIGTERM)',
  usage: '',
  about:
    'Starts the station, or joins the one that runs, and opens its store, so that cards are sealed and deliveries go on. A station that dies is\nstarted again. Standard error says when it is ready. A station that ran before is left running.',
  operands: [],
  options: {},
  async run({ world, places, progress }) {
    const startedAt = Date.now();
    const station = await StationSession.open(world, places, { signIn: true });
    const startedHere = station.isOwn;
    let restarts = 0;
    try {
      progress.say(`photodock: serving ${places.dataDir}${startedHere ? '' : ' (joined the station that runs)'}`);
      while (!world.signal.aborted) {
        await pause(LOOK_AGAIN_MS, undefined, { signal: world.signal }).catch(() => undefined);
        if (world.signal.aborted || (await station.answers())) continue;
        try {
          await station.reopen();
          restarts += 1;
          progress.say('photodock: the station had ended and was started again');
        } catch (error) {
          if (!world.signal.aborted)
            progress.say(`photodock: the station cannot be started (${errorCode(error)}); trying again`);
        }
      }
    } finally {
      await station.close();
    }
    const endedAt = Date.now();
    const json: Output<'serve'> = {
      dataDir: places.dataDir,
      startedHere,
      startedAt: moment(startedAt),
      endedAt: moment(endedAt),
      restarts,
    };
    return { exit: EXIT.done, json, text: 'Stopped.' };
  },
};
