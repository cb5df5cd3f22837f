import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { CallError, UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import type { Output } from '../schemas.ts';
import { StationSession } from '../station-session.ts';

export const init: Command = {
  name: 'init',
  summary: 'make a new data folder and its first lead',
  usage: '--config FILE [--data DIR] [--name TEXT]',
  about:
    'PHOTODOCK_USER names the login of the first lead (2 to 40 of a-z 0-9 . _ -); the password needs 8 characters or more.\nThe practice hospital needs no init: it has its people already.',
  operands: [],
  options: { name: { type: 'string', value: 'TEXT', help: 'the name that others see; default: the login' } },
  async run({ options, places, world }) {
    if (places.configFile === null) {
      throw new UsageError(
        'init makes a station for patients: name its configuration by --config (see docs/configuration.md)',
        'config-needed',
      );
    }
    const station = await StationSession.open(world, places, { signIn: false });
    try {
      const { store } = await station.call('session.current', {});
      if (store !== 'empty') throw new UsageError(`${places.dataDir} has its first lead already`, 'not-empty');
      const { login, password } = await station.credentials();
      const displayName = textOption(options, 'name') ?? login;
      const { person } = await station.call('session.firstLead', { login, displayName, password });
      const { stationName } = await station.call('station.info', {});
      const json: Output<'init'> = {
        dataDir: places.dataDir,
        config: places.configFile,
        stationName,
        person: { login: person.login, displayName: person.displayName, role: person.role },
      };
      return {
        exit: EXIT.done,
        json,
        text: `Station ${stationName}: data folder ${places.dataDir} is ready, ${person.login} is its first lead.\nKeep the password: without any lead's password nobody can open the data.`,
      };
    } catch (error) {
      if (error instanceof CallError && error.code === 'bad-request') {
        throw new UsageError('the login needs 2 to 40 of a-z 0-9 . _ - and the password 8 characters or more');
      }
      throw error;
    } finally {
      await station.close();
    }
  },
};
