import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { erasedWords, readCertificate, statementOf } from '../certificate-text.ts';
import { dockingJson, onMediumText, progressText } from '../docking.ts';
import { CallError, UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import type { Output } from '../schemas.ts';
import { counted, printable } from '../table.ts';
import { deadlineOf, waitFor } from '../wait.ts';
import { withStation } from '../with-station.ts';
import { wordsOf } from '../words.ts';

const DEFAULT_TIMEOUT_S = 3600;

export const release: Command = {
  name: 'release',
  summary: 'erase what is proven to be in the archive, check that it is gone, and tell what stays and why',
  usage: '--docking ID [--timeout S]',
  about:
    "The medium has to be docked still. Erased means: deleted and checked absent in a new listing of the medium.\nAnything else than the camera's own index files that stays makes the exit code 4.",
  operands: [],
  options: {
    docking: { type: 'string', value: 'ID', help: 'the docking (see: photodock status)' },
    timeout: { type: 'string', value: 'S', help: `wait at most S seconds; default ${DEFAULT_TIMEOUT_S}` },
  },
  async run(input) {
    const dockingId = textOption(input.options, 'docking');
    if (dockingId === undefined) throw new UsageError('--docking ID is needed (see: photodock status)');
    const deadline = deadlineOf(textOption(input.options, 'timeout') ?? String(DEFAULT_TIMEOUT_S));
    return withStation(input, async (station) => {
      const before = (await station.call('dockings.get', { dockingId })).onMedium.absent;
      await station.call('release.start', { dockingId });
      const view = await waitFor(
        async () => {
          const now = await station.call('dockings.get', { dockingId });
          if (now.progress !== null) input.progress.show(progressText(now.progress));
          return now.state === 'erasing' ? null : now;
        },
        { signal: station.signal, deadline },
      );
      const { text } = await station.call('certificate.get', { dockingId });
      const account = readCertificate(text);
      if (account === null) throw new CallError('certificate.get', 'internal');
      const json: Output<'release'> = {
        docking: dockingJson(view),
        erased: view.onMedium.absent - before,
        stays: account.stays,
      };
      const lines = [`${counted(json.erased, 'item')} ${erasedWords(view.medium.kind)}.`, onMediumText(view)];
      const statement = json.erased > 0 ? statementOf(account) : null;
      if (statement !== null) lines.push(`${statement}.`);
      for (const one of account.stays) {
        lines.push(`stays: ${printable(one.file)}: ${one.because.map(wordsOf).join('; ') || wordsOf(one.end)}`);
      }
      const more = account.stays.filter(({ because }) => !because.includes('housekeeping'));
      if (more.length === 0) {
        lines.push(
          view.state === 'clear'
            ? 'Clear: nothing is left on the medium.'
            : "Nothing but the camera's own index files is left.",
        );
        return { exit: EXIT.done, json, text: lines.join('\n') };
      }
      const message = `${counted(more.length, 'item stays', 'items stay')} on the medium`;
      return { exit: EXIT.inPart, code: 'items-stay', message, json, text: lines.join('\n') };
    });
  },
};
