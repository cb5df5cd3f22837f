import { resolve } from 'node:path';
import { errorCode } from '../../../shared/domain/errors.ts';
import { ageOf } from '../age.ts';
import type { Command, CommandInput, Outcome } from '../command.ts';
import { textOption } from '../command.ts';
import { readCredentials } from '../credentials.ts';
import { megabytes } from '../docking.ts';
import { CommandError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { moment } from '../patient.ts';
import type { Output } from '../schemas.ts';
import { counted } from '../table.ts';
import { wordsOf } from '../words.ts';

export const recover: Command = {
  name: 'recover',
  summary: 'rebuild what can be rebuilt of a damaged data folder, and list what cannot',
  usage: '[--backup DIR] [--data DIR]',
  about:
    'Nothing is overwritten or deleted: what is damaged goes into damaged-<date> in the data folder. With --backup, what cannot be read is taken\nfrom there. An index has to be rebuilt without a station; sealed files are brought back beside one that runs. For leads. Exit 4 when something\nremains lost; it is listed.',
  operands: [],
  options: {
    backup: { type: 'string', value: 'DIR', help: 'a backup of this station, in which to look for what is lost' },
  },
  async run(input) {
    try {
      return await mend(input);
    } catch (error) {
      input.progress.clear();
      if (errorCode(error) !== 'data-folder-in-use') throw error;
      throw new CommandError(
        'data-folder-in-use',
        'the index is damaged and a station runs on it: end it first (close the window and stop "serve"), then run recover again',
      );
    }
  },
};

async function mend(input: CommandInput): Promise<Outcome> {
  const credentials = await readCredentials(input.world);
  const backup = textOption(input.options, 'backup');
  const dataDir = input.places.dataDir;
  // Only here: the other commands need nothing of the station's inside.
  const { recover: recoverFolder } = await import('../../station/backup/index.ts');
  const { rebuilt, ...report } = await recoverFolder({
    ...credentials,
    dataFolder: dataDir,
    backup: backup === undefined ? null : resolve(input.world.cwd, backup),
    signal: input.world.signal,
    onProgress: (done, total) => input.progress.show(`opening sealed files: ${megabytes(done)} of ${megabytes(total)}`),
  });
  input.progress.clear();
  const json: Output<'recover'> = {
    dataDir,
    ...report,
    rebuilt: rebuilt && {
      ...rebuilt,
      unreadable: { ...rebuilt.unreadable },
      gone: { ...rebuilt.gone },
      knowsUntil: moment(rebuilt.knowsUntil),
    },
    unsound: report.unsound.map(({ id, code }) => ({ id, code })),
    orphans: report.orphans.map((one) => ({ ...one })),
  };
  const lost = lostOf(json);
  const lines = [...doneOf(json), ...lost.map((line) => `LOST: ${line}`), ...nextOf(json)];
  if (lost.length === 0) return { exit: EXIT.done, json, text: lines.join('\n') };
  const message = 'not everything could be rebuilt; what is lost is listed';
  return { exit: EXIT.inPart, code: 'recovered-in-part', message, json, text: lines.join('\n') };
}

/** What was found and done. */
function doneOf({
  problem,
  rebuilt,
  sealedFiles,
  broughtBack,
  unsound,
  keysFromBackup,
  auditLines,
}: Output<'recover'>) {
  const lines: string[] = [];
  if (keysFromBackup) lines.push('keys.json was taken from the backup: people have the passwords of that time.');
  if (rebuilt === null) {
    lines.push('The index is sound and was not touched.');
  } else {
    const sources = [
      ...(rebuilt.rowsRead === null ? [] : [`${counted(rebuilt.rowsRead, 'row')} read out of the damaged one`]),
      ...(rebuilt.fromGeneration === null ? [] : [`generation ${rebuilt.fromGeneration} of the backup`]),
    ];
    lines.push(
      `The index was not usable (${wordsOf(problem ?? '')}). A new one was built from ${sources.join(' and ')}.`,
      `It knows what happened until ${ageOf(rebuilt.knowsUntil)} (${rebuilt.knowsUntil}); ${counted(auditLines, 'audit line')}.`,
      `The damaged one is kept in ${rebuilt.keptAside}.`,
    );
  }
  const sound = sealedFiles - unsound.length;
  lines.push(
    `${sound} of ${counted(sealedFiles, 'sealed file')} open${broughtBack > 0 ? `; ${broughtBack} of them were brought back` : ''}.`,
  );
  return lines;
}

/** What nobody has any more, as far as it is known. */
function lostOf({ rebuilt, unsound, orphans, firstBadLine }: Output<'recover'>): string[] {
  const lost: string[] = [];
  if (rebuilt?.fromGeneration === null) {
    for (const [table, count] of Object.entries(rebuilt.unreadable))
      lost.push(`up to ${counted(count, 'row')} of "${table}" cannot be read`);
  }
  for (const [table, count] of Object.entries(rebuilt?.gone ?? {})) {
    lost.push(`${counted(count, 'row')} of "${table}" belonged to something that is lost`);
  }
  if (firstBadLine !== null) lost.push(`audit line ${firstBadLine}: the chain is broken there and stays so`);
  for (const { id, code } of unsound) lost.push(`${id}: ${wordsOf(code)}`);
  for (const { name, bytes } of orphans)
    lost.push(`the key of orphans/${name} (${megabytes(bytes)}): its row is lost, the file is kept`);
  return lost;
}

/** What a person does now. */
function nextOf({ rebuilt, unsound, orphans, stationRuns }: Output<'recover'>): string[] {
  const lines: string[] = [];
  if (rebuilt !== null) {
    lines.push(
      '',
      'What is under way is sent and proven again, under the same numbers. Pictures that are not filed may have been filed before: look into',
      'the archive first. Dock every card again that was docked lately.',
    );
  }
  if (unsound.length + orphans.length > 0) {
    lines.push('', 'If the pictures are still on their card, dock it again: they are read and sealed anew.');
  }
  if (unsound.length > 0 && stationRuns) lines.push('The station that runs was left as it is.');
  return lines;
}
