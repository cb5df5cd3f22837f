import { setTimeout as pause } from 'node:timers/promises';
import path from 'node:path';
import { openConnection } from '../../main/station/store/driver.ts';
import { REJECT_REASONS } from '../../shared/domain/reasons.ts';
import type { FaultRandom } from './fault-random.ts';
import { storeKeyOf } from './fault-store.ts';
import type { TestStation } from './station.ts';

const pick = <T>(list: readonly T[], random: FaultRandom): T | undefined =>
  list[random.below(Math.max(1, list.length))];

/**
 * One thing that a lead does without looking: places a hold on anything or lifts one, rejects something or takes a
 * rejection back. Answers what it was, or null when there was nothing to do it to.
 */
export async function randomPersonActs(station: TestStation, random: FaultRandom): Promise<string | null> {
  switch (random.below(5)) {
    case 0: {
      const capture = pick((await station.call('captures.list', {})).captures, random);
      if (!capture) return null;
      await station.call('holds.place', { subject: { captureIds: [capture.id] }, reason: 'fault bench' });
      return 'hold on a capture';
    }
    case 1: {
      const docking = pick((await station.call('dockings.list', {})).dockings, random);
      if (!docking) return null;
      await station.call('holds.place', { subject: { dockingId: docking.id }, reason: 'fault bench' });
      return 'hold on a docking';
    }
    case 2: {
      const hold = pick((await station.call('holds.list', {})).holds, random);
      if (!hold) return null;
      await station.call('holds.lift', { holdIds: [hold.id], reason: 'fault bench' });
      return 'hold lifted';
    }
    case 3: {
      const capture = pick((await station.call('captures.list', { stage: 'unfiled' })).captures, random);
      const reason = pick(REJECT_REASONS, random);
      if (!capture || !reason) return null;
      const { rejected } = await station.call('captures.reject', { captureIds: [capture.id], reason });
      return rejected.length > 0 ? 'rejected' : 'rejection refused';
    }
    default: {
      const capture = pick((await station.call('captures.list', { stage: 'rejected' })).captures, random);
      if (!capture) return null;
      const { restored } = await station.call('captures.restore', { captureIds: [capture.id] });
      return restored.length > 0 ? 'restored' : 'restoring refused';
    }
  }
}

/** Lifts every hold, so that everything can come to its end. */
export async function liftAllHolds(station: TestStation): Promise<void> {
  const { holds } = await station.call('holds.list', {});
  if (holds.length > 0)
    await station.call('holds.lift', { holdIds: holds.map(({ id }) => id), reason: 'the bench has ended' });
}

const AGED = -1_000_000;
/** What is aged, and nothing of it or of its copies is on a medium or held: the station has to shred it. */
const TO_SHRED = `
  SELECT count(*) AS count FROM capture c JOIN capture o ON o.id = coalesce(c.duplicate_of, c.id)
  WHERE c.retention_day = ${AGED} AND c.shredded_at IS NULL AND c.stage = 'confirmed'
    AND NOT EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM capture f JOIN item i ON i.capture_id = f.id
                    WHERE (f.id = o.id OR f.duplicate_of = o.id) AND (i.on_medium != 'absent' OR f.retention_day IS NOT ${AGED}))`;
const keys = new Map<string, Promise<Uint8Array>>();

/**
 * Retention is over for everything that is confirmed now: its beginning is put back in the index itself, because the station
 * believes no clock. Waits until the station has shredded what it may; throws when that does not come.
 */
export async function retentionOver(station: TestStation): Promise<void> {
  if (!keys.has(station.dataDir)) keys.set(station.dataDir, storeKeyOf(station.dataDir));
  const index = await openConnection(path.join(station.dataDir, 'index.db'), await keys.get(station.dataDir)!);
  try {
    await index.run("UPDATE capture SET retention_day = ? WHERE stage = 'confirmed' AND shredded_at IS NULL", [AGED]);
    const giveUpAt = Date.now() + 60_000;
    for (;;) {
      // Asked by the door as well: a station that died is noticed by that.
      await station.call('station.status', {});
      const row = await index.get<{ count: number }>(TO_SHRED);
      if (row?.count === 0) return;
      if (Date.now() > giveUpAt) throw new Error(`${row?.count} captures are not shredded, though they could be`);
      await pause(100);
    }
  } finally {
    await index.close();
  }
}
