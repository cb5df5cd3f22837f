import type { Command } from '../command.ts';
import { dockingJson, equationText, onMediumText } from '../docking.ts';
import { EXIT } from '../exit-code.ts';
import { moment } from '../patient.ts';
import type { Output } from '../schemas.ts';
import { counted, printable } from '../table.ts';
import { withStation } from '../with-station.ts';
import { wordsOf } from '../words.ts';

export const status: Command = {
  name: 'status',
  summary: 'the custody equation of every docking, captures by stage, and what waits',
  usage: '',
  operands: [],
  options: {},
  run: (input) =>
    withStation(input, async (station) => {
      const { captures, dockings, idle, waiting } = await station.call('station.status', {});
      const json: Output<'status'> = {
        captures,
        dockings: dockings.map(dockingJson),
        problems: dockings.flatMap((view) => (view.problem === null ? [] : [{ docking: view.id, code: view.problem }])),
        idle,
        waiting: waiting.map((one) => ({ ...one, nextAttemptAt: moment(one.nextAttemptAt) })),
      };
      const stages = Object.entries(captures).map(([stage, count]) => `${count} ${stage}`);
      const lines = [
        `Captures: ${stages.join(', ')}`,
        idle ? 'The station has nothing to do.' : 'The station is at work.',
      ];
      for (const view of dockings) {
        lines.push(
          '',
          `Docking ${view.id}: ${view.medium.kind} ${printable(view.medium.label)}, ${view.state}${view.connected ? '' : ', not connected'}`,
          `  ${equationText(view)}`,
          `  ${onMediumText(view)}`,
        );
        if (view.problem !== null) lines.push(`  problem: ${wordsOf(view.problem)}`);
      }
      if (waiting.length > 0) lines.push('', 'Waiting for the next try:');
      for (const one of waiting) {
        lines.push(
          `  ${one.step}: ${counted(one.count, 'time')} ${wordsOf(one.code)}, next at ${moment(one.nextAttemptAt)}`,
        );
      }
      return { exit: EXIT.done, json, text: lines.join('\n') };
    }),
};
