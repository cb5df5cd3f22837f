import { resolve } from 'node:path';
import { ageOf } from '../age.ts';
import type { Command } from '../command.ts';
import { megabytes } from '../docking.ts';
import { EXIT } from '../exit-code.ts';
import { moment } from '../patient.ts';
import type { Output } from '../schemas.ts';
import { table } from '../table.ts';

export const backupList: Command = {
  name: 'backup list',
  summary: 'which generations a backup holds, newest first',
  usage: 'DIR',
  about:
    'Needs no station and no password, so it cannot tell a generation that somebody changed on purpose; restore can.',
  operands: ['DIR'],
  options: {},
  async run(input) {
    const backup = resolve(input.world.cwd, input.operands[0] ?? '');
    // Only here: the other commands need nothing of the station's inside.
    const { generationsIn } = await import('../../station/backup/index.ts');
    const all = await generationsIn(backup);
    const json: Output<'backup list'> = {
      backup,
      generations: all.map(({ name, manifest }) => ({
        name,
        damaged: manifest === null,
        madeAt: manifest && moment(manifest.madeAt),
        files: manifest?.sealed.length ?? 0,
        bytes: manifest?.sealed.reduce((total, [, bytes]) => total + bytes, 0) ?? 0,
        stationName: manifest?.stationName ?? null,
      })),
    };
    const rows = json.generations.map((one) =>
      one.damaged
        ? [one.name, 'DAMAGED', '', '', '']
        : [one.name, ageOf(one.madeAt ?? ''), one.stationName ?? '', String(one.files), megabytes(one.bytes)],
    );
    const text = table(['GENERATION', 'MADE', 'STATION', 'SEALED FILES', 'SIZE'], rows);
    return { exit: EXIT.done, json, text };
  },
};
