import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { dueOption, loanJson, MEDIUM, mediumOption } from '../medium.ts';
import type { Output } from '../schemas.ts';
import { printable } from '../table.ts';
import { withStation } from '../with-station.ts';

export const mediaLend: Command = {
  name: 'media lend',
  summary: 'write down who takes a medium along, and until when',
  usage: '--medium ID --to WHO --due DAY',
  about: 'It is back when it is docked, or by `media return`. When it is not back in time it stands in Review.',
  operands: [],
  options: {
    medium: MEDIUM,
    to: { type: 'string', value: 'WHO', help: 'a person and where they are to be found; no patient' },
    due: { type: 'string', value: 'DAY', help: 'the day at whose end it is due (2026-12-01), or a moment' },
  },
  async run(input) {
    const mediumId = mediumOption(input.options);
    const borrower = textOption(input.options, 'to')?.trim() ?? '';
    if (borrower === '' || borrower.length > 80) throw new UsageError('--to WHO is needed, 1 to 80 characters');
    const dueAt = dueOption(input.options);
    return withStation(input, async (station) => {
      const json: Output<'media lend'> = {
        loan: loanJson(await station.call('media.lend', { mediumId, borrower, dueAt })),
      };
      return { exit: EXIT.done, json, text: `Lent to ${printable(json.loan.borrower)}, due ${json.loan.dueAt}.` };
    });
  },
};

export const mediaReturn: Command = {
  name: 'media return',
  summary: 'a lent medium is back',
  usage: '--medium ID',
  operands: [],
  options: { medium: MEDIUM },
  async run(input) {
    const mediumId = mediumOption(input.options);
    return withStation(input, async (station) => {
      await station.call('media.return', { mediumId });
      const json: Output<'media return'> = { medium: mediumId };
      return { exit: EXIT.done, json, text: 'It is back.' };
    });
  },
};
