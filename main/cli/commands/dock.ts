import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { cutShort, dockingJson, equationText, waitUntilListed, waitUntilRead } from '../docking.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import type { Output } from '../schemas.ts';
import { counted, printable } from '../table.ts';
import { deadlineOf } from '../wait.ts';
import { withStation } from '../with-station.ts';

export const dock: Command = {
  name: 'dock',
  summary: 'dock a mounted card or a folder: list it and seal everything on it',
  usage: 'PATH [--wait proven] [--timeout S]',
  about:
    'Returns once the manifest is taken; the station goes on sealing as long as it runs (see serve). With --wait proven it returns when every\nitem is sealed, read a second time and looked at: then it may be unplugged, and its pictures can be filed. Nothing is erased.',
  operands: ['PATH'],
  options: {
    wait: { type: 'string', value: 'proven', help: 'wait until everything is sealed and proven' },
    timeout: { type: 'string', value: 'S', help: 'wait at most S seconds; default: as long as it takes' },
  },
  async run(input) {
    const { options, operands, world, progress } = input;
    const wait = textOption(options, 'wait');
    if (wait !== undefined && wait !== 'proven') throw new UsageError('--wait takes "proven"');
    const timeout = textOption(options, 'timeout');
    const deadline = timeout === undefined ? undefined : deadlineOf(timeout);
    const path = resolve(world.cwd, operands[0] ?? '');
    return withStation(input, async (station) => {
      const { dockingId } = await station.call('dock.folder', { path });
      const how = { dockingId, progress, deadline };
      const view = await (wait === undefined ? waitUntilListed(station, how) : waitUntilRead(station, how));
      const { captures } = await station.call('captures.list', { dockingId, stage: 'unfiled' });
      const fileable = captures.filter((capture) => capture.display === 'ok' && capture.kind !== 'other').length;
      const { unreadable } = view.equation;
      const stopped = cutShort(view);
      const json: Output<'dock'> = {
        docking: dockingJson(view),
        notFollowed: view.notFollowed,
        notListed: view.notListed,
        undecided: view.undecided,
        captures: fileable,
      };
      const lines = [
        `Docking ${view.id}: ${view.medium.kind} ${printable(view.medium.label)}, ${view.state}`,
        equationText(view),
      ];
      if (wait !== undefined) lines.push(`${counted(fileable, 'picture')} can be filed.`);
      if (unreadable > 0) lines.push(`${counted(unreadable, 'item')} could not be read and stay where they are.`);
      if (view.notFollowed > 0)
        lines.push(`${counted(view.notFollowed, 'link or device', 'links or devices')} not followed.`);
      if (view.notListed > 0)
        lines.push(
          `${counted(view.notListed, 'thing')} on it could not be listed: pictures may be there that nobody has. Do not format it.`,
        );
      if (view.undecided > 0)
        lines.push(`${counted(view.undecided, 'file')} of a kind that is no picture: sealed, and to be decided.`);
      if (stopped === null && unreadable === 0 && view.notListed === 0) {
        if (wait !== undefined) lines.push('Sealed and proven: it may be unplugged. Nothing has been erased.');
        return { exit: EXIT.done, json, text: lines.join('\n') };
      }
      const message = stopped?.message ?? `${counted(unreadable + view.notListed, 'item')} could not be read`;
      if (stopped !== null) lines.push(message);
      return { exit: EXIT.inPart, code: stopped?.code ?? 'unreadable', message, json, text: lines.join('\n') };
    });
  },
};
