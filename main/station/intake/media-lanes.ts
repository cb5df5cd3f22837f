import type { Step } from '../scheduler.ts';
import type { Dockings } from './dockings.ts';

/** A row of a step that works on what is docked. */
export interface DockedRow {
  readonly id: string;
  readonly docking_id: string;
  /** 1: it came while somebody works with the device, and goes before what was there already. */
  readonly live?: number;
}

/** The device itself does one thing at a time; while it does, what it gave before is written to the disk. */
const OF_A_DEVICE = 3;

/**
 * Which rows of a step may be under way together: volumes share what the step may do at a time, a device has a few of its own, and what
 * arrives from it while people wait goes beside them.
 */
export class MediaLanes {
  readonly #dockings: Dockings;
  readonly #laneOf = new Map<string, string>();
  readonly media: NonNullable<Step['media']>;

  /** @param together how many rows of volumes at a time, when there is but one */
  constructor(dockings: Dockings, together: number) {
    this.#dockings = dockings;
    this.media = {
      of: (id) => this.#laneOf.get(id) ?? '',
      limit: (lane, media) =>
        this.#dockings.find(lane.split(' ')[0]!)?.source.live
          ? Math.min(together, OF_A_DEVICE)
          : Math.max(1, Math.floor(together / media)),
    };
  }

  /**
   * Asks for rows docking by docking and answers them in turns, the docking that began first first.
   * @param rowsOf the rows of one docking, in the order in which they are done
   */
  async find(limit: number, rowsOf: (dockingId: string, limit: number) => Promise<DockedRow[]>): Promise<string[]> {
    const columns: DockedRow[][] = [];
    for (const docking of this.#dockings.openNow()) columns.push(await rowsOf(docking, limit));
    const turns: DockedRow[] = [];
    for (let turn = 0; turns.length < limit && columns.some((rows) => rows.length > turn); turn += 1) {
      for (const rows of columns) turns.push(...rows.slice(turn, turn + 1));
    }
    const rows = turns.slice(0, Math.max(limit, columns.length));
    for (const row of rows) this.#laneOf.set(row.id, row.live === 1 ? `${row.docking_id} live` : row.docking_id);
    return rows.map((row) => row.id);
  }

  /** The row was done, or will be found again. */
  forget(id: string): void {
    this.#laneOf.delete(id);
  }
}
