import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { buildStep } from '../../../main/station/archive/build-step.ts';
import { deliverySteps } from '../../../main/station/archive/delivery-steps.ts';
import { deviceThumbnailsStep } from '../../../main/station/intake/device-thumbnails.ts';
import { intakeSteps } from '../../../main/station/intake/steps.ts';
import { Release } from '../../../main/station/release/release.ts';
import type { Step } from '../../../main/station/scheduler.ts';
import type { SqlValue } from '../../../main/station/store/index.ts';
import { IndexStore } from '../../../main/station/store/index.ts';
import { tempFolder } from '../../support/temp.ts';

// The steps look for work many times a second, for years. What one look costs must not grow with what was done long ago.

/** Indexes that hold only what is still to do: reading one of them whole is no more than that. */
const OF_WHAT_IS_TO_DO = ['item_to_inspect', 'item_erasing', 'instance_pending'];

type Query = readonly [sql: string, parameters: readonly SqlValue[]];

async function looks() {
  const store = await IndexStore.open(await tempFolder('looks'), new Uint8Array(randomBytes(32)));
  onTestFinished(() => store.close());
  const asked: Query[] = [];
  const read = {
    get: (sql: string, parameters: readonly SqlValue[] = []) => (
      asked.push([sql, parameters]),
      store.read.get(sql, parameters)
    ),
    all: (sql: string, parameters: readonly SqlValue[] = []) => (
      asked.push([sql, parameters]),
      store.read.all(sql, parameters)
    ),
  };
  const open = { openNow: () => ['d'], isOpen: () => true, find: () => ({ source: { live: {} } }) };
  // A look asks the index and which dockings are open; the rest belongs to the work that it finds.
  const house = {
    store: { read },
    dockings: open,
    destination: { commitmentOffered: true, commitmentTimeoutMs: 60_000 },
  } as never;
  const steps: readonly Step[] = [
    ...intakeSteps(house),
    deviceThumbnailsStep(house),
    buildStep(house),
    ...deliverySteps(house),
    ...new Release(house).steps(),
  ];
  for (const step of steps) {
    const before = asked.length;
    await step.find(10);
    expect(asked.length, `${step.name} asks the index`).toBeGreaterThan(before);
  }
  const plan = async ([sql, parameters]: Query) =>
    (await store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters)).map((row) => row.detail);
  return { asked, plan };
}

const readsWhole = (detail: string) =>
  /^SCAN (?!\()/u.test(detail) && !OF_WHAT_IS_TO_DO.some((index) => detail.endsWith(`INDEX ${index}`));

test('no step reads a table from end to end to find its work', async () => {
  const { asked, plan } = await looks();
  const whole = [];
  for (const query of asked) {
    if ((await plan(query)).some(readsWhole)) whole.push(query[0]);
  }
  expect(whole).toEqual([]);
});
