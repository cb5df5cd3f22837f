import { resolve } from 'node:path';
import type { BackupView } from '../../../shared/contract.ts';
import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { megabytes } from '../docking.ts';
import { CallError, UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import type { Progress } from '../progress.ts';
import type { Output } from '../schemas.ts';
import type { StationSession } from '../station-session.ts';
import { counted } from '../table.ts';
import { waitFor } from '../wait.ts';
import { withStation } from '../with-station.ts';
import { wordsOf } from '../words.ts';

const DEFAULT_KEEP = 7;
const PHASES: Readonly<Record<BackupView['phase'], string>> = {
  index: 'taking a snapshot of the index',
  files: 'copying',
  verifying: 'reading the backup again',
  finishing: 'finishing',
};

function progressOf({ phase, filesDone, filesTotal, bytesDone, bytesTotal }: BackupView): string {
  const files = phase === 'files' || phase === 'verifying';
  return files
    ? `${PHASES[phase]}: ${filesDone} of ${filesTotal}, ${megabytes(bytesDone)} of ${megabytes(bytesTotal)}`
    : PHASES[phase];
}

async function ended(station: StationSession, progress: Progress): Promise<BackupView> {
  try {
    return await waitFor(
      async () => {
        const { backup } = await station.call('backup.state', {});
        if (backup === null)
          throw new CallError('backup.state', 'station-ended', {
            reason: 'the station ended while it made the backup; begin it again',
          });
        progress.show(progressOf(backup));
        return backup.state === 'running' ? null : backup;
      },
      { signal: station.signal },
    );
  } catch (error) {
    // Nobody waits for it any more: a station that goes on without us does not go on with it.
    if (station.signal.aborted) await station.callAtTheEnd('backup.cancel', {});
    throw error;
  }
}

function keepOf(text: string | undefined): number {
  const keep = text === undefined ? DEFAULT_KEEP : Number(text);
  if (!Number.isInteger(keep) || keep < 1 || keep > 1000) throw new UsageError('--keep takes a number from 1 to 1000');
  return keep;
}

export const backup: Command = {
  name: 'backup',
  summary: 'copy everything this station holds, encrypted, into a folder on another disk',
  usage: 'DIR [--keep N] [--verify] [--new]',
  about:
    'The station works on meanwhile. Pictures that are in the backup already are not copied again. DIR has to be empty, or the backup of this\nvery station. It is encrypted like the data folder: whoever restores it needs a password of the time when it was made.\nExit 4 when something could not be backed up because the station itself has no sound copy of it.',
  operands: ['DIR'],
  options: {
    keep: { type: 'string', value: 'N', help: `how many generations to keep; default ${DEFAULT_KEEP}` },
    verify: { type: 'boolean', help: 'read every file of the backup again, and mend what is damaged' },
    new: { type: 'boolean', help: 'begin a new backup in an empty folder where an earlier one is missing' },
  },
  async run(input) {
    const folder = resolve(input.world.cwd, input.operands[0] ?? '');
    const keep = keepOf(textOption(input.options, 'keep'));
    const order = { folder, keep, verify: input.options['verify'] === true, begin: input.options['new'] === true };
    return withStation(input, async (station) => {
      await station.call('backup.start', order).catch((error: unknown) => {
        throw inWords(error, folder);
      });
      const view = await ended(station, input.progress);
      const { result } = view;
      if (result === null) {
        const code = view.code ?? (view.state === 'cancelled' ? 'backup-cancelled' : 'internal');
        throw inWords(new CallError('backup.start', code, view.details), folder);
      }
      const json: Output<'backup'> = {
        folder,
        generation: result.generation,
        files: result.files,
        bytes: result.bytes,
        copied: result.copied,
        copiedBytes: result.copiedBytes,
        verified: result.verified,
        mended: result.mended,
        unsound: result.unsound,
        generations: result.generations,
        damagedGenerations: result.damagedGenerations,
        sameDisk: result.sameDisk,
      };
      const lines = linesOf(json);
      if (json.unsound.length === 0) return { exit: EXIT.done, json, text: lines.join('\n') };
      const message = `${counted(json.unsound.length, 'sealed file')} of the station could not be backed up`;
      lines.push(`${message}:`, ...json.unsound.map(({ id, code }) => `  ${id}: ${wordsOf(code)}`));
      return { exit: EXIT.inPart, code: 'backup-incomplete', message, json, text: lines.join('\n') };
    });
  },
};

function linesOf(json: Output<'backup'>): string[] {
  const lines = [
    `Backed up into ${json.folder}: ${counted(json.files, 'sealed file')}, ${megabytes(json.bytes)}; ${json.copied} of them new (${megabytes(json.copiedBytes)}).`,
    `This is generation ${json.generation}; ${counted(json.generations, 'generation is', 'generations are')} kept.`,
  ];
  if (json.verified > 0) {
    const mended = json.mended === 0 ? '' : `; ${json.mended} were damaged and were copied again`;
    lines.push(`${counted(json.verified, 'file')} read again in the backup${mended}.`);
  }
  for (const name of json.damagedGenerations) {
    lines.push(
      `CAREFUL: generation ${name} is damaged and cannot be restored. Remove that folder when you have looked into why.`,
    );
  }
  if (json.sameDisk) {
    lines.push(
      'CAREFUL: it lies on the same disk as the data. A backup belongs on another disk, best in another building.',
    );
  }
  return lines;
}

/** What the person can do about it, where the station's own message is for engineers. */
function inWords(error: unknown, folder: string): unknown {
  if (!(error instanceof CallError)) return error;
  const words = wordsOf(error.code);
  if (words === error.code) return error;
  const { neededBytes, freeBytes } = error.details;
  const room =
    typeof neededBytes === 'number' && typeof freeBytes === 'number'
      ? ` (${megabytes(neededBytes)} needed, ${megabytes(freeBytes)} free)`
      : '';
  return new CallError('backup.start', error.code, { ...error.details, reason: `${folder}: ${words}${room}` });
}
