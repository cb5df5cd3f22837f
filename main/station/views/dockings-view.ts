import type { DockingView, ProgressView } from '../../../shared/contract.ts';
import { custodyEquation } from '../../../shared/domain/custody.ts';
import type { CaptureStage, DockingState, ItemStage, OnMedium } from '../../../shared/domain/stages.ts';
import type { Policy, StationConfig } from '../config/index.ts';
import { NOT_LISTED } from '../intake/index.ts';
import { ANY_HOLD, heldSql } from '../holds/index.ts';
import type { Dockings, OpenDocking } from '../intake/index.ts';
import { judgeAll, mayNotBeErased, readErasable } from '../release/index.ts';
import type { CustodyRow } from '../release/index.ts';
import type { Reader } from '../store/index.ts';
import { liveView } from './live-view.ts';
import { erasing, strip } from './strip.ts';

export interface DockingsViewOptions {
  readonly reader: Reader;
  readonly dockings: Dockings;
  readonly policy: Policy;
  readonly commitmentOffered: boolean;
  readonly exposureProtocol: StationConfig['exposureProtocol'];
}

interface DockingRow {
  id: string;
  started_at: number;
  ended_at: number | null;
  listed_at: number | null;
  cancelled_at: number | null;
  read_only: number;
  medium_id: string;
  kind: DockingView['medium']['kind'];
  label: string;
  filesystem: string | null;
  size_bytes: number | null;
  maker: string | null;
  model: string | null;
  serial: string | null;
  name: string | null;
  owner_unit: string | null;
  managed: number;
  awaits_approval: number;
  clock_offset_ms: number | null;
  not_followed: number;
  not_listed: number;
  certificate: number;
}

interface CountRow {
  stage: ItemStage;
  on_medium: OnMedium;
  capture_stage: CaptureStage | null;
  instance_state: string | null;
  last_code: string | null;
  code: string | null;
  undecided: number;
  count: number;
  bytes: number;
  inspected: number;
}

const IS_NOT_LISTED = `n.what IN (${NOT_LISTED.map((what) => `'${what}'`).join(', ')})`;
const SELECT = `
  SELECT d.*, m.id AS medium_id, m.kind, m.label, m.filesystem, m.size_bytes, m.maker, m.model, m.serial, m.name,
         m.owner_unit, m.managed,
         (SELECT count(*) FROM not_followed n WHERE n.docking_id = d.id AND NOT ${IS_NOT_LISTED}) AS not_followed,
         (SELECT count(*) FROM not_followed n WHERE n.docking_id = d.id AND ${IS_NOT_LISTED}) AS not_listed,
         EXISTS (SELECT 1 FROM certificate x WHERE x.docking_id = d.id) AS certificate
  FROM docking d JOIN medium m ON m.id = d.medium_id`;

/** One lane, or all of them, newest first. */
export class DockingsView {
  readonly #options: DockingsViewOptions;

  constructor(options: DockingsViewOptions) {
    this.#options = options;
  }

  async list(limit: number): Promise<DockingView[]> {
    const rows = await this.#options.reader.all<DockingRow>(`${SELECT} ORDER BY d.started_at DESC LIMIT ?`, [limit]);
    const views: DockingView[] = [];
    for (const row of rows) views.push(await this.#view(row));
    return views;
  }

  async get(dockingId: string): Promise<DockingView | null> {
    const row = await this.#options.reader.get<DockingRow>(`${SELECT} WHERE d.id = ?`, [dockingId]);
    return row ? this.#view(row) : null;
  }

  async #view(row: DockingRow): Promise<DockingView> {
    const { reader, dockings, policy, commitmentOffered, exposureProtocol } = this.#options;
    const counts = await reader.all<CountRow>(
      `SELECT i.stage, i.on_medium, c.stage AS capture_stage, n.state AS instance_state, n.last_code, i.code,
              (c.kind = 'other' AND c.stage = 'unfiled') AS undecided, count(*) AS count, sum(i.size) AS bytes,
              sum(i.inspected_at IS NOT NULL) AS inspected
       FROM item i LEFT JOIN capture c ON c.id = i.capture_id
       LEFT JOIN instance n ON n.capture_id = coalesce(c.duplicate_of, c.id)
       WHERE i.docking_id = ? GROUP BY 1, 2, 3, 4, 5, 6, 7`,
      [row.id],
    );
    const captures = await reader.get<{ count: number }>('SELECT count(*) AS count FROM capture WHERE docking_id = ?', [
      row.id,
    ]);
    const sum = (pick: (count: CountRow) => boolean, of: 'count' | 'bytes' | 'inspected' = 'count') =>
      counts.filter(pick).reduce((total, count) => total + count[of], 0);
    const equation = custodyEquation(
      counts.map((count) => ({ itemStage: count.stage, captureStage: count.capture_stage, count: count.count })),
    );
    const open = dockings.find(row.id);
    const on = (...states: OnMedium[]) => sum((count) => states.includes(count.on_medium));
    // Only a medium that is there can be erased; past dockings need not be judged again and again.
    const judged = open ? judgeAll(await readErasable(reader, row.id), policy, commitmentOffered) : [];
    const releasable = judged
      .filter(({ row: item, verdict }) => verdict.ok && item.on_medium !== 'absent' && item.on_medium !== 'erasing')
      .map(({ row: item }) => item);
    const reading = sum((count) => count.stage === 'listed' || count.stage === 'sealed');
    const personal = await mayNotBeErased(reader, row.id, policy.phonesMayBeErased);
    const keptWhole = row.read_only === 1 ? ('medium-read-only' as const) : personal;
    return {
      id: row.id,
      medium: {
        id: row.medium_id,
        kind: row.kind,
        label: row.label,
        filesystem: row.filesystem,
        sizeBytes: row.size_bytes,
        readOnly: row.read_only === 1,
        maker: row.maker,
        model: row.model,
        serial: row.serial,
        name: row.name,
        ownerUnit: row.owner_unit,
        managed: row.managed === 1,
      },
      startedAt: row.started_at,
      endedAt: row.ended_at,
      connected: open !== null,
      state: stateOf(row, counts, open, reading),
      progress: open && row.awaits_approval === 0 ? this.#progress(row, counts) : null,
      equation,
      onMedium: {
        present: on('present', 'erasing'),
        absent: on('absent'),
        kept: on('kept'),
        eraseUnverified: on('erase-unverified'),
      },
      notFollowed: row.not_followed,
      notListed: row.not_listed,
      undecided: sum((count) => count.undecided === 1),
      totalBytes: sum(() => true, 'bytes'),
      captureCount: captures?.count ?? 0,
      previewsDone: sum(() => true, 'inspected'),
      strip: this.#strip(counts, releasable, row),
      held: await this.#held(row.id),
      releasable: keptWhole === null ? releasable.length : 0,
      keptWhole,
      awaitsApproval: row.awaits_approval === 1 && open !== null,
      live: open && liveView(open, row.clock_offset_ms, exposureProtocol),
      hasCertificate: row.certificate === 1,
      problem: open?.problem ?? null,
      problemHolder: open?.problemHolder ?? null,
    };
  }

  async #held(dockingId: string): Promise<number> {
    if (!(await this.#options.reader.get(`SELECT 1 WHERE ${ANY_HOLD}`))) return 0;
    const row = await this.#options.reader.get<{ count: number }>(
      `SELECT count(*) AS count FROM item i LEFT JOIN capture c ON c.id = i.capture_id
       WHERE i.docking_id = ?
         AND (EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL AND docking_id = i.docking_id)
           OR ${heldSql('c.id')} OR ${heldSql('c.duplicate_of')})`,
      [dockingId],
    );
    return row?.count ?? 0;
  }

  #strip(counts: readonly CountRow[], releasable: readonly CustodyRow[], medium: DockingRow) {
    const { commitmentOffered, policy } = this.#options;
    const sum = (pick: (count: CountRow) => boolean) =>
      counts
        .filter((count) => count.stage !== 'housekeeping' && pick(count))
        .reduce((total, count) => total + count.count, 0);
    const total = sum(() => true);
    // A file of unknown kind is not on its way to the archive: the lane says apart that somebody has to decide about it.
    const isDeliverable = (count: CountRow) =>
      count.capture_stage !== 'rejected' && count.stage !== 'unreadable' && count.undecided !== 1;
    const deliverable = sum(isDeliverable);
    const atLeast = (...states: (string | null)[]) =>
      sum((count) => isDeliverable(count) && states.includes(count.instance_state));
    const failed = (...states: string[]) =>
      counts.find(
        (count) => count.last_code !== null && count.instance_state !== null && states.includes(count.instance_state),
      )?.last_code ?? null;
    const filed = sum(
      (count) => isDeliverable(count) && count.capture_stage !== null && count.capture_stage !== 'unfiled',
    );
    // What stays on the medium for good waits for no erasing: the step is over when everything that may leave has left.
    const isEnded = (stage: CaptureStage | null) => stage === 'confirmed' || stage === 'rejected';
    const isSettled = (count: CountRow) =>
      count.stage === 'unreadable' || count.undecided === 1 || isEnded(count.capture_stage);
    const staying =
      sum((count) => count.on_medium === 'kept' && isSettled(count)) -
      releasable.filter((item) => item.on_medium === 'kept' && isEnded(item.capture_stage)).length;
    const absent = sum((count) => count.on_medium === 'absent');
    const unreadable = counts.find((count) => count.stage === 'unreadable')?.code ?? null;
    return strip(
      {
        read: { done: sum((count) => count.stage === 'sealed' || count.stage === 'proven'), total, code: unreadable },
        sealed: { done: sum((count) => count.stage === 'sealed' || count.stage === 'proven'), total },
        're-read': { done: sum((count) => count.stage === 'proven'), total },
        filed: { done: filed, total: deliverable },
        delivered: {
          done: atLeast('stored', 'committed', 'confirmed'),
          total: deliverable,
          code: failed('planned', 'built'),
        },
        committed: {
          done: atLeast('committed', 'confirmed'),
          total: deliverable,
          code: commitmentOffered ? failed('stored') : null,
        },
        'read-back': {
          done: atLeast('confirmed'),
          total: deliverable,
          code: failed(commitmentOffered ? 'committed' : 'stored'),
        },
        erased: {
          done: absent,
          total: total - staying,
          doing: sum((count) => count.on_medium === 'erasing') > 0,
          ...erasing(medium, policy.phonesMayBeErased, absent),
          ...(sum((count) => count.on_medium === 'erase-unverified') > 0 && { code: 'erase-unverified' }),
        },
      },
      commitmentOffered,
    );
  }

  #progress(row: DockingRow, counts: readonly CountRow[]): ProgressView | null {
    const open = this.#options.dockings.find(row.id);
    const sum = (pick: (count: CountRow) => boolean, of: 'count' | 'bytes' | 'inspected') =>
      counts.filter(pick).reduce((total, count) => total + count[of], 0);
    if (!open || row.cancelled_at !== null) return null;
    if (row.listed_at === null) {
      return {
        phase: 'listing',
        itemsDone: 0,
        itemsTotal: 0,
        bytesDone: 0,
        bytesTotal: 0,
        bytesPerSecond: null,
        secondsLeft: null,
        cancellable: true,
      };
    }
    const erasing = sum((count) => count.on_medium === 'erasing', 'count');
    const all = sum((count) => count.stage !== 'housekeeping', 'count');
    if (erasing > 0) {
      const done = sum((count) => count.on_medium === 'absent', 'count');
      return {
        phase: 'erasing',
        itemsDone: done,
        itemsTotal: done + erasing,
        bytesDone: 0,
        bytesTotal: 0,
        bytesPerSecond: null,
        secondsLeft: null,
        cancellable: false,
      };
    }
    const isRead = (count: CountRow) => count.stage !== 'listed';
    const isProven = (count: CountRow) => count.stage === 'proven' || count.stage === 'unreadable';
    const isOver = (count: CountRow) => isProven(count) || count.stage === 'housekeeping';
    const notHousekeeping = (count: CountRow) => count.stage !== 'housekeeping';
    if (counts.every(isOver)) {
      const inspected = sum((count) => count.stage === 'proven', 'inspected');
      const pictures = sum((count) => count.stage === 'proven', 'count');
      if (inspected >= pictures) return null;
      return {
        phase: 'previews',
        itemsDone: inspected,
        itemsTotal: pictures,
        bytesDone: 0,
        bytesTotal: 0,
        bytesPerSecond: null,
        secondsLeft: null,
        cancellable: false,
      };
    }
    // Every byte is read twice: progress counts both reads, so that "time left" is the time until one may unplug.
    const bytesTotal = 2 * sum(notHousekeeping, 'bytes');
    const bytesDone = sum((count) => notHousekeeping(count) && isRead(count), 'bytes') + sum(isProven, 'bytes');
    const bytesPerSecond = open.speed.perSecond();
    const reading = counts.some((count) => count.stage === 'listed');
    return {
      phase: reading ? 'reading' : 're-reading',
      itemsDone: sum((count) => (reading ? isRead(count) && notHousekeeping(count) : isProven(count)), 'count'),
      itemsTotal: all,
      bytesDone,
      bytesTotal,
      bytesPerSecond,
      secondsLeft: bytesPerSecond ? Math.ceil((bytesTotal - bytesDone) / bytesPerSecond) : null,
      cancellable: true,
    };
  }
}

function stateOf(
  row: DockingRow,
  counts: readonly CountRow[],
  open: OpenDocking | null,
  reading: number,
): DockingState {
  const connected = open !== null;
  const some = (pick: (count: CountRow) => boolean) => counts.some((count) => count.count > 0 && pick(count));
  const left = some((count) => count.on_medium !== 'absent' && count.stage !== 'housekeeping');
  if (row.listed_at !== null && !left && row.not_followed === 0 && row.not_listed === 0) return 'clear';
  const cutShort = some((count) => count.code === 'unplugged' || count.code === 'unplugged-before-second-read');
  const gone = row.ended_at !== null && (row.listed_at === null || cutShort);
  // Pulled a moment ago and not yet written down as ended: never call that sealed.
  if (gone || (!connected && (row.listed_at === null || (reading > 0 && row.ended_at === null))))
    return 'unplugged-early';
  if (open?.problem != null && (reading > 0 || row.listed_at === null)) return 'failed';
  if (row.cancelled_at !== null && (row.listed_at === null || reading > 0)) return 'cancelled';
  if (row.listed_at === null) return 'listing';
  if (connected && some((count) => count.on_medium === 'erasing')) return 'erasing';
  return reading > 0 && connected ? 'reading' : 'sealed';
}
