import type { LeftOnMedium } from '../../../shared/contract/media.ts';
import { NOT_LISTED } from '../intake/index.ts';

const NAMES_NOT_LISTED = NOT_LISTED.map((what) => `'${what}'`).join(', ');

export interface LeftRow {
  listed_at: number | null;
  ended_at: number | null;
  items: number;
  present: number;
  kept: number;
  unverified: number;
  unread: number;
  in_the_way: number;
  not_listed: number;
  not_followed: number;
}

/**
 * Counts of what a docking left on its medium, the same as a lane of the Dock counts: of `docking d LEFT JOIN item i`, grouped by
 * docking. One pass over its items, because a card may have thousands and the register is asked for often.
 */
export const LEFT_COLUMNS = `
  d.listed_at, d.ended_at, count(i.id) AS items, total(i.on_medium IN ('present', 'erasing')) AS present,
  total(i.on_medium = 'kept') AS kept, total(i.on_medium = 'erase-unverified') AS unverified,
  total(i.stage IN ('listed', 'unreadable') AND i.on_medium != 'absent') AS unread,
  total(i.stage != 'housekeeping' AND i.on_medium != 'absent') AS in_the_way,
  (SELECT count(*) FROM not_followed n WHERE n.docking_id = d.id AND n.what IN (${NAMES_NOT_LISTED})) AS not_listed,
  (SELECT count(*) FROM not_followed n WHERE n.docking_id = d.id AND n.what NOT IN (${NAMES_NOT_LISTED})) AS not_followed`;

/** What the station saw last. A medium that was never listed is not clear: nobody knows what is on it. */
export function leftView(row: LeftRow): LeftOnMedium {
  const clear = row.listed_at !== null && row.in_the_way + row.not_listed + row.not_followed === 0;
  return {
    present: row.present,
    kept: row.kept,
    eraseUnverified: row.unverified,
    unread: row.unread + row.not_listed,
    clear,
    unknownSince: row.ended_at,
  };
}
