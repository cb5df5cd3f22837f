import type { FaultRandom } from '../../support/fault-random.ts';
import { liftAllHolds } from '../../support/fault-people.ts';
import type { TestStation } from '../../support/station.ts';

type Act = (station: TestStation, random: FaultRandom) => Promise<unknown>;

/** What people do beside a card's way, each by the call that makes it durable: a kill may come in the middle of any of them. */
export const personActs: Readonly<Record<string, Act>> = {
  'people.add': (station, random) =>
    station.call('people.add', {
      login: `p${random.below(1e9)}`,
      displayName: 'Somebody',
      role: 'photographer',
      password: 'a-long-password',
    }),
  async 'people.update'(station) {
    const { people } = await station.call('people.list', {});
    const other = people.find((one) => one.login !== 'lead');
    if (other) await station.call('people.update', { id: other.id, disabled: !other.disabled });
  },
  async 'captures.reject'(station) {
    const captureIds = (await unfiled(station)).slice(0, 1);
    if (captureIds.length > 0) await station.call('captures.reject', { captureIds, reason: 'not-clinical' });
  },
  async 'captures.restore'(station) {
    const { captures } = await station.call('captures.list', { stage: 'rejected' });
    if (captures.length > 0) await station.call('captures.restore', { captureIds: captures.map((one) => one.id) });
  },
  'holds.place': holdOne,
  async 'holds.lift'(station) {
    await holdOne(station);
    await liftAllHolds(station);
  },
  async 'dock.cancel'(station) {
    const dockingId = await lastDocking(station);
    if (!dockingId) return;
    await station.call('dock.cancel', { dockingId });
    await station.call('dock.resume', { dockingId });
  },
  async 'dock.resume'(station) {
    const { dockings } = await station.call('dockings.list', {});
    for (const { id, endedAt } of dockings) if (endedAt === null) await station.call('dock.resume', { dockingId: id });
  },
  'session.signIn': (station) => station.signIn(),
  'captures.retry': (station) => station.call('captures.retry', {}),
  'terms.favourite': (station, random) =>
    station.call('terms.favourite', { scheme: 'SCT', code: '33712006', on: random.below(2) === 0 }),
};

/** In this order each finds something to do, and the last of a pair undoes the first. */
export const personActNames = Object.keys(personActs);

/** Notes: captures that nobody can file, so that rejecting them does not come in the way of a card's life. */
async function unfiled(station: TestStation): Promise<string[]> {
  const { captures } = await station.call('captures.list', { stage: 'unfiled' });
  return captures.filter((one) => one.kind === 'other').map((one) => one.id);
}

async function holdOne(station: TestStation): Promise<void> {
  const captureIds = (await unfiled(station)).slice(0, 1);
  if (captureIds.length > 0) await station.call('holds.place', { subject: { captureIds }, reason: 'fault bench' });
}

async function lastDocking(station: TestStation): Promise<string | undefined> {
  const { dockings } = await station.call('dockings.list', {});
  return dockings.find((one) => one.endedAt === null)?.id;
}
