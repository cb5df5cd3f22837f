import type { Command } from '../command.ts';
import { textOptions } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { reasonOption } from '../hold.ts';
import type { Output } from '../schemas.ts';
import { counted } from '../table.ts';
import { withStation } from '../with-station.ts';

export const holdLift: Command = {
  name: 'hold lift',
  summary: 'lift holds; leads only',
  usage: '--hold ID... --reason TEXT',
  about:
    'Nothing is erased by it: what a hold has kept on a medium waits for the next order. The hold stays on record.',
  operands: [],
  options: {
    hold: { type: 'string', multiple: true, value: 'ID', help: 'the hold (see: photodock hold list); may be repeated' },
    reason: {
      type: 'string',
      value: 'TEXT',
      help: 'why, 3 to 500 characters; kept beside the reason it was placed for',
    },
  },
  async run(input) {
    const holdIds = textOptions(input.options, 'hold');
    if (holdIds.length === 0) throw new UsageError('--hold ID is needed (see: photodock hold list)');
    const reason = reasonOption(input);
    return withStation(input, async (station) => {
      const json: Output<'hold lift'> = await station.call('holds.lift', { holdIds, reason });
      return { exit: EXIT.done, json, text: `${counted(json.lifted.length, 'hold')} lifted.` };
    });
  },
};
