import assert from 'node:assert/strict';
import type { CallOutput } from '../../../shared/contract.ts';
import type { TestStation } from '../../support/station.ts';

type Docking = CallOutput<'dockings.get'>;

/** What a person is shown of a docking, short enough to be compared. */
export interface Shown {
  readonly state: Docking['state'];
  readonly problem: string | null;
  /** `confirmed 2, unreadable 1`: the terms of the equation that are not zero. */
  readonly equation: string;
  /** `absent 2, kept 1`: where the items are, without zeros. */
  readonly onMedium: string;
  /** `list name code`, in alphabetical order. */
  readonly review: readonly string[];
  readonly notListed: number;
  readonly notFollowed: number;
}

function counts(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers)
    .filter(([name, count]) => count !== 0 && name !== 'listed')
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

export async function shownOf(station: TestStation, dockingId: string): Promise<Shown> {
  const view = await station.call('dockings.get', { dockingId });
  const { rows } = await station.call('review.list', {});
  return {
    state: view.state,
    problem: view.problem,
    equation: counts(view.equation),
    onMedium: counts(view.onMedium),
    review: rows
      .filter((row) => row.dockingId === dockingId)
      .map((row) => `${row.list} ${row.name} ${row.code}`)
      .toSorted(),
    notListed: view.notListed,
    notFollowed: view.notFollowed,
  };
}

/** Waits until this is what is shown, and fails with what is shown instead. */
export async function untilShown(
  look: () => Promise<Shown>,
  expected: Partial<Shown>,
  patienceMs: number,
): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  const picked = (all: Shown) =>
    Object.fromEntries(Object.keys(expected).map((name) => [name, all[name as keyof Shown]]));
  for (;;) {
    const now = await look();
    if (JSON.stringify(picked(now)) === JSON.stringify(expected)) return;
    if (Date.now() > giveUpAt) assert.deepEqual(now, expected);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
