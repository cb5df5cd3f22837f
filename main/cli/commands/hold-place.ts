import type { Command } from '../command.ts';
import { textOption, textOptions } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { reasonOption } from '../hold.ts';
import type { Output } from '../schemas.ts';
import { counted } from '../table.ts';
import { withStation } from '../with-station.ts';

export const holdPlace: Command = {
  name: 'hold place',
  summary: 'hold a docking or captures: no rejection, no erasure, until a lead lifts it',
  usage: '(--capture ID... | --docking ID) --reason TEXT',
  about:
    'A hold covers content: equal bytes on any other medium are held too, and with a picture its whole group. On a docking it also\ncovers what is still being read. Erasing that was ordered before stops at the next file.',
  operands: [],
  options: {
    capture: { type: 'string', multiple: true, value: 'ID', help: 'a capture; may be repeated' },
    docking: { type: 'string', value: 'ID', help: 'everything of this docking' },
    reason: { type: 'string', value: 'TEXT', help: 'why, 3 to 500 characters; kept in the encrypted index' },
  },
  async run(input) {
    const captureIds = textOptions(input.options, 'capture');
    const dockingId = textOption(input.options, 'docking');
    if (captureIds.length > 0 === (dockingId !== undefined))
      throw new UsageError('say what to hold: --capture ID (as often as needed) or --docking ID');
    const reason = reasonOption(input);
    return withStation(input, async (station) => {
      const subject = dockingId === undefined ? { captureIds } : { dockingId };
      const { placed } = await station.call('holds.place', { subject, reason });
      const json: Output<'hold place'> = { placed };
      return { exit: EXIT.done, json, text: [`${counted(placed.length, 'hold')} placed.`, ...placed].join('\n') };
    });
  },
};
