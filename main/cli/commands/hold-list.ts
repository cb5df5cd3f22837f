import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { holdJson } from '../hold.ts';
import type { Output } from '../schemas.ts';
import { counted, table } from '../table.ts';
import { withStation } from '../with-station.ts';

export const holdList: Command = {
  name: 'hold list',
  summary: 'what is held, who placed it, why and since when',
  usage: '[--lifted]',
  operands: [],
  options: { lifted: { type: 'boolean', help: 'also those that were lifted' } },
  run: (input) =>
    withStation(input, async (station) => {
      const { holds } = await station.call('holds.list', { lifted: input.options['lifted'] === true });
      const json: Output<'hold list'> = { holds: holds.map(holdJson) };
      const rows = json.holds.map((one) => [
        one.id,
        one.capture === null
          ? `docking of ${one.medium}, ${counted(one.items, 'item')}`
          : `${one.name} on ${one.medium}`,
        one.placedAt,
        one.placedBy,
        one.lifted === null ? one.reason : `${one.reason} (lifted by ${one.lifted.by}: ${one.lifted.reason})`,
      ]);
      const text = rows.length === 0 ? 'Nothing is held.' : table(['ID', 'WHAT', 'SINCE', 'BY', 'WHY'], rows);
      return { exit: EXIT.done, json, text };
    }),
};
