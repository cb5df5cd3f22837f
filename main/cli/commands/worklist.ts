import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { EXIT, exitOf } from '../exit-code.ts';
import { moment, patientJson } from '../patient.ts';
import type { Output } from '../schemas.ts';
import { counted, table } from '../table.ts';
import { withStation } from '../with-station.ts';
import { wordsOf } from '../words.ts';

export const worklist: Command = {
  name: 'worklist',
  summary: 'the patients that can be filed to',
  usage: '[--refresh] [--query TEXT]',
  about:
    'Shows what the station knows, with its age; asks the worklist first when it has never been asked, or with --refresh.',
  operands: [],
  options: {
    refresh: { type: 'boolean', help: 'ask the worklist now' },
    query: {
      type: 'string',
      value: 'TEXT',
      help: 'only entries whose name, MRN or accession number begins with these words',
    },
  },
  run: (input) =>
    withStation(input, async (station) => {
      const query = textOption(input.options, 'query') ?? '';
      const { worklist: health } = await station.call('station.info', {});
      const configured = health.state !== 'not-configured';
      const ask = async () => station.call('worklist.list', { query, limit: 500 });
      let answer = await ask();
      let failure: string | null = null;
      if (configured && (input.options['refresh'] === true || answer.state.fetchedAt === null)) {
        failure = (await station.call('worklist.refresh', {})).code;
        answer = await ask();
      }
      const { items, state } = answer;
      const json: Output<'worklist'> = {
        items: items.map(({ patient, ...item }) => ({
          ...item,
          patient: patientJson(patient),
          fetchedAt: moment(item.fetchedAt),
        })),
        configured,
        fetchedAt: state.fetchedAt === null ? null : moment(state.fetchedAt),
        skipped: state.skipped,
      };
      const rows = items.map((item) => [
        item.id,
        item.patient.name.display,
        item.patient.mrn,
        item.patient.birthDate ?? '',
        item.patient.sex ?? '',
        item.accessionNumber ?? '',
        item.procedure ?? item.step ?? '',
        item.incomplete.length > 0
          ? `incomplete: ${item.incomplete.join(', ')}`
          : item.gone
            ? 'no longer on the worklist'
            : '',
      ]);
      const lines =
        items.length === 0
          ? ['No entries.']
          : [table(['ID', 'PATIENT', 'MRN', 'BORN', 'SEX', 'ACCESSION', 'PROCEDURE', ''], rows)];
      if (!configured) lines.push('No worklist is configured (see docs/configuration.md).');
      else if (state.fetchedAt !== null)
        lines.push(`${counted(items.length, 'entry', 'entries')}, as of ${moment(state.fetchedAt)}`);
      if (state.skipped > 0)
        lines.push(`${counted(state.skipped, 'answer')} of the worklist could not be read and are left out.`);
      if (failure === null) return { exit: EXIT.done, json, text: lines.join('\n') };
      const message = `the worklist was not refreshed: ${wordsOf(failure)}`;
      lines.push(message);
      const exit = exitOf(failure) === EXIT.peer ? EXIT.peer : EXIT.inPart;
      return { exit, code: failure, message, json, text: lines.join('\n') };
    }),
};
