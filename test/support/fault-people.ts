import { REJECT_REASONS } from '../../shared/domain/reasons.ts';
import type { FaultRandom } from './fault-random.ts';
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
