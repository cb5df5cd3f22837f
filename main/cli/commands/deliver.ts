import type { CallOutput } from '../../../shared/contract.ts';
import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, isUnreachable } from '../exit-code.ts';
import { moment } from '../patient.ts';
import type { Output } from '../schemas.ts';
import { counted } from '../table.ts';
import { deadlineOf, waitFor } from '../wait.ts';
import { withStation } from '../with-station.ts';
import { wordsOf } from '../words.ts';

type Status = CallOutput<'station.status'>;

const DEFAULT_TIMEOUT_S = 300;
const DELIVERY: ReadonlySet<string> = new Set(['build', 'store', 'commit', 'read-back']);

const inDelivery = ({ captures }: Status): number => captures.filed + captures.delivered;
const stuckIn = ({ waiting }: Status): Status['waiting'] => waiting.filter(({ step }) => DELIVERY.has(step));

/** Nothing moves, and nothing will before the deadline. A report on storage commitment may come at any time. */
function nothingDueBefore(status: Status, deadline: number): boolean {
  const stuck = stuckIn(status);
  return (
    status.idle &&
    stuck.length > 0 &&
    stuck.every(({ step, nextAttemptAt }) => step !== 'commit' && nextAttemptAt > deadline)
  );
}

export const deliver: Command = {
  name: 'deliver',
  summary: 'deliver what is filed, and wait until the archive has proven that it holds it',
  usage: '--until-idle [--timeout S]',
  about:
    'What is stuck is tried again at once, then at its next times. Ends when everything filed is confirmed, or at the time-out (default 300 s),\nor as soon as no further try would come before it.',
  operands: [],
  options: {
    'until-idle': { type: 'boolean', help: 'wait until nothing is left to deliver' },
    timeout: { type: 'string', value: 'S', help: `wait at most S seconds; default ${DEFAULT_TIMEOUT_S}` },
  },
  async run(input) {
    if (input.options['until-idle'] !== true) throw new UsageError('deliver needs --until-idle');
    const deadline = deadlineOf(textOption(input.options, 'timeout') ?? String(DEFAULT_TIMEOUT_S));
    return withStation(input, async (station) => {
      await station.call('captures.retry', {});
      const first = await station.call('station.status', {});
      const before = first.captures.confirmed;
      let quiet = 0;
      const last = await waitFor(
        async () => {
          const status = await station.call('station.status', {});
          const left = inDelivery(status);
          const stuck = stuckIn(status).reduce((sum, one) => sum + one.count, 0);
          input.progress.show(
            `delivering: ${status.captures.confirmed - before} confirmed, ${left} to go${stuck > 0 ? `, ${stuck} waiting for the next try` : ''}`,
          );
          if (status.idle && left === 0) return status;
          if (Date.now() >= deadline) return status;
          // Twice in a row, so that a step which is just about to be found does not count as nothing to do.
          quiet = nothingDueBefore(status, deadline) ? quiet + 1 : 0;
          return quiet >= 2 ? status : null;
        },
        { signal: station.signal },
      );
      const left = inDelivery(last);
      const confirmed = Math.max(0, last.captures.confirmed - before);
      const stuck = stuckIn(last);
      const json: Output<'deliver'> = {
        captures: last.captures,
        confirmed,
        stuck: stuck.map((one) => ({ ...one, nextAttemptAt: moment(one.nextAttemptAt) })),
      };
      const lines = [`${counted(confirmed, 'capture')} confirmed now, ${last.captures.confirmed} in all.`];
      if (left === 0) return { exit: EXIT.done, json, text: lines.join('\n') };
      const message = `${counted(left, 'filed capture')} not confirmed yet`;
      lines.push(`${message}${stuck.length > 0 ? ':' : '; the station is still at work on them.'}`);
      for (const one of stuck) {
        lines.push(`  ${one.count} at ${one.step}: ${wordsOf(one.code)}, next try ${moment(one.nextAttemptAt)}`);
      }
      const unreachable = confirmed === 0 && stuck.length > 0 && stuck.every(({ code }) => isUnreachable(code));
      return {
        exit: unreachable ? EXIT.peer : EXIT.inPart,
        code: stuck[0]?.code ?? 'timed-out',
        message,
        json,
        text: lines.join('\n'),
      };
    });
  },
};
