import type { CallInput } from '../../../shared/contract.ts';
import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { MEDIUM, mediumJson, mediumOption } from '../medium.ts';
import type { Output } from '../schemas.ts';
import { withStation } from '../with-station.ts';

export const mediaApprove: Command = {
  name: 'media approve',
  summary: 'let an unknown medium in, now and whenever it comes again; leads only',
  usage: '--medium ID',
  operands: [],
  options: { medium: MEDIUM },
  async run(input) {
    const mediumId = mediumOption(input.options);
    return withStation(input, async (station) => {
      await station.call('media.approve', { mediumId });
      const json: Output<'media approve'> = { medium: mediumId };
      return { exit: EXIT.done, json, text: 'It is let in.' };
    });
  },
};

/** Option by option what of a medium a person may write. */
const TEXTS = {
  name: 'name',
  unit: 'ownerUnit',
  note: 'note',
  maker: 'maker',
  model: 'model',
  serial: 'serial',
} as const satisfies Record<string, keyof CallInput<'media.update'>>;

export const mediaSet: Command = {
  name: 'media set',
  summary: 'write down what the department knows of a medium; leads only',
  usage: '--medium ID [--name TEXT] [--unit TEXT] [--managed yes|no] [--retired yes|no] ...',
  about: 'What a device on a cable tells of itself (maker, model, serial) is not written over.',
  operands: [],
  options: {
    medium: MEDIUM,
    name: { type: 'string', value: 'TEXT', help: 'what people here call it; "-" takes it away, here and below' },
    unit: { type: 'string', value: 'TEXT', help: 'the unit that owns it' },
    maker: { type: 'string', value: 'TEXT', help: 'its maker' },
    model: { type: 'string', value: 'TEXT', help: 'its model' },
    serial: { type: 'string', value: 'TEXT', help: 'its serial number' },
    note: { type: 'string', value: 'TEXT', help: 'anything else, up to 500 characters' },
    managed: { type: 'string', value: 'yes|no', help: "a phone: the department's own, which may be erased by policy" },
    retired: { type: 'string', value: 'yes|no', help: 'it is used no more; everything known of it stays' },
  },
  async run(input) {
    const { options } = input;
    const change: CallInput<'media.update'> = { mediumId: mediumOption(options) };
    for (const [option, field] of Object.entries(TEXTS)) {
      const text = textOption(options, option);
      if (text !== undefined) change[field] = text === '-' ? '' : text;
    }
    for (const option of ['managed', 'retired'] as const) {
      const text = textOption(options, option);
      if (text === undefined) continue;
      if (text !== 'yes' && text !== 'no') throw new UsageError(`--${option} takes yes or no`);
      change[option] = text === 'yes';
    }
    if (Object.keys(change).length === 1) throw new UsageError('say what to set (see: photodock media set --help)');
    return withStation(input, async (station) => {
      await station.call('media.update', change);
      const { medium } = await station.call('media.get', { mediumId: change.mediumId });
      const json: Output<'media set'> = { medium: mediumJson(medium) };
      return { exit: EXIT.done, json, text: 'Written down.' };
    });
  },
};
