import type { LeftOnMedium, MediumRecord } from '../../../shared/contract/media.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { mediumJson } from '../medium.ts';
import { moment } from '../patient.ts';
import type { Output } from '../schemas.ts';
import { table } from '../table.ts';
import { withStation } from '../with-station.ts';

export const media: Command = {
  name: 'media',
  summary: 'every medium that was ever docked: whose it is, where it is, what is on it, its clock',
  usage: '[--retired]',
  operands: [],
  options: { retired: { type: 'boolean', help: 'also those that are used no more' } },
  run: (input) =>
    withStation(input, async (station) => {
      const all = (await station.call('media.list', {})).media;
      const shown = all.filter((medium) => input.options['retired'] === true || medium.retiredAt === null);
      const json: Output<'media'> = { media: shown.map(mediumJson) };
      const rows = shown.map((medium) => [
        medium.id,
        medium.kind,
        medium.name ?? medium.label,
        medium.serial ?? '-',
        medium.ownerUnit ?? '-',
        whereText(medium),
        leftText(medium.left),
        clockText(medium),
      ]);
      const head = ['ID', 'KIND', 'NAME', 'SERIAL', 'UNIT', 'WHERE', 'ON IT', 'CLOCK'];
      return { exit: EXIT.done, json, text: rows.length === 0 ? 'Nothing was ever docked.' : table(head, rows) };
    }),
};

function whereText({ loan, dockedNow, approved, retiredAt, lastDockedAt }: MediumRecord): string {
  if (retiredAt !== null) return 'retired';
  if (loan !== null) {
    return `lent to ${loan.borrower}, ${loan.overdue ? 'OVERDUE since' : 'due'} ${moment(loan.dueAt)}`;
  }
  if (approved === null) return 'unknown: not let in';
  if (dockedNow) return 'docked now';
  return lastDockedAt === null ? '-' : `docked ${moment(lastDockedAt)}`;
}

function leftText(left: LeftOnMedium): string {
  if (left.clear) return 'clear';
  const parts = [
    left.present + left.kept > 0 && `${left.present + left.kept} on it`,
    left.eraseUnverified > 0 && `${left.eraseUnverified} not checked absent`,
    left.unread > 0 && `${left.unread} not read`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : 'nobody has looked';
}

/** Device against station, in seconds. */
function clockText({ clock: [last] }: MediumRecord): string {
  if (last === undefined) return '-';
  const seconds = Math.round(last.offsetMs / 1000);
  return seconds === 0 ? 'right' : `${Math.abs(seconds)} s ${seconds > 0 ? 'fast' : 'slow'}`;
}
