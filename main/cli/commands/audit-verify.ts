import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import type { Output } from '../schemas.ts';
import { counted } from '../table.ts';
import { withStation } from '../with-station.ts';

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'walk the whole audit chain and name the first line that does not fit',
  usage: '',
  operands: [],
  options: {},
  run: (input) =>
    withStation(input, async (station) => {
      const { ok, lines, firstBadLine, headHash } = await station.call('audit.verify', {});
      const json: Output<'audit verify'> = { lines, firstBadLine, headHash };
      if (ok)
        return { exit: EXIT.done, json, text: `The audit chain is whole: ${counted(lines, 'line')}, head ${headHash}` };
      const message = `audit line ${firstBadLine ?? lines + 1} is missing, changed or out of order`;
      return { exit: EXIT.inPart, code: 'audit-broken', message, json, text: `BROKEN: ${message}` };
    }),
};
