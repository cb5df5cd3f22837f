import { resolve } from 'node:path';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import type { Command, CommandInput, Outcome } from '../command.ts';
import { textOption } from '../command.ts';
import { ageOf } from '../age.ts';
import { readCredentials } from '../credentials.ts';
import { megabytes } from '../docking.ts';
import { CommandError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { moment } from '../patient.ts';
import type { Output } from '../schemas.ts';
import { counted } from '../table.ts';
import { wordsOf } from '../words.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'bring a backup back into an empty data folder, and check all of it',
  usage: 'DIR [--data NEWFOLDER] [--generation NAME]',
  about:
    'Needs no station. PHOTODOCK_USER is a lead of the time when the backup was made, with the password of that time. Nothing is ever\noverwritten: the data folder has to be empty, or a restore of which this one goes on. Exit 4 when something of the backup is not sound.',
  operands: ['DIR'],
  options: {
    generation: {
      type: 'string',
      value: 'NAME',
      help: 'which generation, by its name or the beginning of it; default: the newest',
    },
  },
  async run(input) {
    const backup = resolve(input.world.cwd, input.operands[0] ?? '');
    try {
      return await bringBack(input, backup);
    } catch (error) {
      input.progress.clear();
      throw inWords(error, backup);
    }
  },
};

async function bringBack(input: CommandInput, backup: string): Promise<Outcome> {
  const credentials = await readCredentials(input.world);
  const { restore: restoreBackup } = await import('../../station/backup/index.ts');
  const dataDir = input.places.dataDir;
  const { contents, ...report } = await restoreBackup({
    ...credentials,
    backup,
    dataFolder: dataDir,
    generation: textOption(input.options, 'generation') ?? null,
    signal: input.world.signal,
    onProgress: (done, total) => input.progress.show(`bringing back: ${megabytes(done)} of ${megabytes(total)}`),
  });
  input.progress.clear();
  const json: Output<'restore'> = {
    backup,
    dataDir,
    ...report,
    ...contents,
    captures: { ...contents.captures },
    madeAt: moment(report.madeAt),
    unsound: report.unsound.map(({ id, code }) => ({ id, code })),
  };
  const lines = linesOf(json);
  const problems: string[] = [];
  if (json.unsound.length > 0) {
    problems.push(`${counted(json.unsound.length, 'sealed file')} could not be brought back`);
    lines.push(`${problems[0]}:`, ...json.unsound.map(({ id, code }) => `  ${id}: ${wordsOf(code)}`));
  }
  if (json.firstBadLine !== null) {
    problems.push(`audit line ${json.firstBadLine} is missing, changed or out of order`);
    lines.push(`BROKEN: ${problems.at(-1)}. It was so when the backup was made.`);
  }
  if (problems.length === 0) return { exit: EXIT.done, json, text: lines.join('\n') };
  return { exit: EXIT.inPart, code: 'restore-incomplete', message: problems.join('; '), json, text: lines.join('\n') };
}

function linesOf(json: Output<'restore'>): string[] {
  const { captures } = json;
  const stages = `${captures.unfiled} not filed, ${captures.filed + captures.delivered} in delivery, ${captures.confirmed} confirmed, ${captures.rejected} rejected`;
  const whole = json.unsound.length === 0 && json.firstBadLine === null;
  return [
    `Restored into ${json.dataDir}: station ${json.stationName}, as it was ${ageOf(json.madeAt)} (${json.madeAt}).`,
    `In it: ${counted(json.dockings, 'docking')} with ${counted(json.items, 'item')}; pictures: ${stages}; ${counted(json.people, 'person', 'people')}, ${counted(json.certificates, 'certificate')}.`,
    `Checked: ${counted(json.sealedFiles, 'sealed file')} opened (${megabytes(json.sealedBytes)}), index sound, ${counted(json.auditLines, 'audit line')}${whole ? ', nothing missing' : ''}.`,
    '',
    'What happened after that moment is not known here:',
    '- Pictures that were being delivered are sent again and proven again, under the same numbers: that does no harm.',
    `- Pictures that were not filed yet may have been filed and delivered since. Look into the archive before filing the ${captures.unfiled} again.`,
    '- Dock every card again that was docked since: what is still on it is read again.',
    json.hasConfig
      ? '- station.json lies in the data folder. Key files and header files that it names are not part of a backup: put them back.'
      : '- This is the practice hospital.',
  ];
}

function inWords(error: unknown, backup: string): unknown {
  if (!(error instanceof PhotodockError)) return error;
  const { generation, older, neededBytes, freeBytes } = error.details;
  if (error.code === 'backup-damaged' && typeof generation === 'string') {
    const way = typeof older === 'string' ? `; try the one before: --generation ${older}` : '';
    return new CommandError(error.code, `${backup}: ${error.message}${way}`, { ...error.details });
  }
  if (typeof neededBytes === 'number' && typeof freeBytes === 'number') {
    return new CommandError(
      error.code,
      `${error.message}: ${megabytes(neededBytes)} needed, ${megabytes(freeBytes)} free`,
      { neededBytes, freeBytes },
    );
  }
  return error;
}
