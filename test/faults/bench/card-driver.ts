import { setTimeout as pause } from 'node:timers/promises';
import type { FaultCard } from '../../support/fault-card.ts';
import type { TestStation } from '../../support/station.ts';
import { errorCode, PhotodockError } from '../../../shared/domain/errors.ts';

/** Where a card's life stands after one look at it. */
export type CardState = 'working' | 'over';

/**
 * Does what a person would do next for a card: dock it, file what is unfiled, order the erasing of what may leave. Looks at the station's
 * own view first, so it can be called again and again, also after the station was killed in the middle.
 */
export async function driveCard(station: TestStation, card: FaultCard): Promise<CardState> {
  const { dockingId } = await station.call('dock.folder', { path: card.root });
  const docking = await station.call('dockings.get', { dockingId });
  if (['listing', 'reading', 'erasing'].includes(docking.state)) return 'working';
  const { captures } = await station.call('captures.list', { dockingId, stage: 'unfiled' });
  const captureIds = captures.filter((one) => /\.(JPG|CR2)$/.test(one.name)).map((one) => one.id);
  if (captureIds.length > 0) {
    const { items } = await station.call('worklist.list', {});
    if (items.length === 0) return 'working';
    await station.call('captures.file', {
      captureIds,
      worklistItemId: items[0]!.id,
      region: { scheme: 'SCT', code: '33712006' },
      laterality: 'R',
      view: null,
      burnedIn: false,
      recognizable: false,
    });
    return 'working';
  }
  if (docking.equation.inDelivery > 0) return 'working';
  const { erasable } = await station.call('release.preview', { dockingId });
  if (erasable > 0) {
    await station.call('release.start', { dockingId });
    return 'working';
  }
  // Its note leaves too when somebody rejected it.
  return docking.onMedium.absent >= card.pictures.length ? 'over' : 'working';
}

const RETRY_MS = 300;
const LOOK_MS = 15;

/**
 * Drives cards until each one's life is over, the station is gone (answers false) or `until` says so. Deliveries that wait for their next
 * try are asked to be tried now, as an impatient person would.
 */
export async function driveCards(
  station: TestStation,
  cards: ReadonlySet<FaultCard>,
  onOver: (card: FaultCard) => void,
  giveUpMs = 60_000,
): Promise<boolean> {
  const left = new Set(cards);
  const giveUpAt = Date.now() + giveUpMs;
  let retriedAt = Date.now();
  while (left.size > 0) {
    const alive = await unlessDead(station, async () => {
      for (const card of left) {
        if ((await driveCard(station, card)) !== 'over') continue;
        left.delete(card);
        onOver(card);
      }
      if (left.size > 0 && Date.now() > retriedAt + RETRY_MS) {
        retriedAt = Date.now();
        const { waiting } = await station.call('station.status', {});
        const { rows } = await station.call('review.list', {});
        if (waiting.length > 0 || rows.some((row) => row.list === 'stuck')) await station.call('captures.retry', {});
      }
    });
    if (!alive) return false;
    if (Date.now() > giveUpAt) {
      const { dockings } = await station.call('dockings.list', {});
      throw new Error(`d: the pipeline does not end: ${JSON.stringify(dockings).slice(0, 3000)}`);
    }
    await pause(LOOK_MS);
  }
  return true;
}

/** Does something with a station that may be killed meanwhile; false when it was. */
export async function unlessDead(station: TestStation, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    // It died while it answered, or before it could.
    const code = errorCode(error);
    if (code !== 'station-unreachable' && code !== 'station-ended' && error instanceof PhotodockError) throw error;
    // The door closes a moment before the process is gone.
    for (let look = 0; look < 50; look++) {
      if (!(await station.isAlive())) return false;
      await pause(20);
    }
    throw error;
  }
}
