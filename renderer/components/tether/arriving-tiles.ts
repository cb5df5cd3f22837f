import type { ArrivingView } from '../../../shared/contract.ts';

/** One picture to come: the files of one release of the shutter (RAW+JPEG) are one. */
export interface ArrivingTile {
  /** Id of the item that stands for it. */
  readonly id: string;
  readonly name: string;
  readonly arrivedAt: number;
  readonly stage: ArrivingView['stage'];
  /** The item whose small picture the device has given; null while there is none. */
  readonly pictureOf: string | null;
}

const EXTENSION = /\.[^.]*$/;
const JPEG = /\.jpe?g$/i;
const STAGES: readonly ArrivingView['stage'][] = ['listed', 'sealed', 'proven'];

/** What arrives, oldest first, files of one name together; the slowest of them says how far the picture is. */
export function arrivingTiles(items: readonly ArrivingView[]): ArrivingTile[] {
  const groups: ArrivingView[][] = [];
  const open = new Map<string, ArrivingView[]>();
  for (const item of items.toSorted((one, other) => one.arrivedAt - other.arrivedAt)) {
    const stem = item.name.replace(EXTENSION, '').toLowerCase();
    const group = open.get(stem);
    // The same name once more is another folder's picture: numbers of cameras wrap.
    if (group && !group.some((one) => one.name.toLowerCase() === item.name.toLowerCase())) {
      group.push(item);
      continue;
    }
    const fresh = [item];
    groups.push(fresh);
    open.set(stem, fresh);
  }
  return groups.map(tileOf);
}

function tileOf(group: readonly ArrivingView[]): ArrivingTile {
  const shown = group.find((item) => JPEG.test(item.name)) ?? group[0]!;
  const slowest = Math.min(...group.map((item) => STAGES.indexOf(item.stage)));
  return {
    id: shown.itemId,
    name: shown.name,
    arrivedAt: shown.arrivedAt,
    stage: STAGES[slowest] ?? shown.stage,
    pictureOf: (shown.hasPicture ? shown : group.find((item) => item.hasPicture))?.itemId ?? null,
  };
}

/** In a strip: what was just taken first, the newest of it at the head; then what is read, in the order in which it is read. */
export function stripOrder(tiles: readonly ArrivingTile[], dockedAt: number): ArrivingTile[] {
  const isTaken = (tile: ArrivingTile) => tile.arrivedAt > dockedAt;
  return [...tiles.filter(isTaken).toReversed(), ...tiles.filter((tile) => !isTaken(tile))];
}

/**
 * Tiles that are on the screen and those that were there a moment ago: while the captures are asked for again, a picture that has just
 * become one is still shown as arriving, and its place does not blink.
 */
export function keptInPlace(before: readonly ArrivingTile[], now: readonly ArrivingTile[]): ArrivingTile[] {
  const ids = new Set(now.map((tile) => tile.id));
  return [...before.filter((tile) => !ids.has(tile.id)), ...now];
}

/** Without those that are on the sheet as captures already: the two lists are asked for one after the other. */
export function notYetThere(
  tiles: readonly ArrivingTile[],
  captures: readonly { readonly name: string }[],
): readonly ArrivingTile[] {
  // Numbers of cameras wrap: only a picture that is about to become a capture can be the capture of its name.
  if (!tiles.some((tile) => tile.stage === 'proven')) return tiles;
  const names = new Set(captures.map((capture) => capture.name));
  return tiles.filter((tile) => tile.stage !== 'proven' || !names.has(tile.name));
}
