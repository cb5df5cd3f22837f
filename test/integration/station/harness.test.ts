import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';

let station: TestStation;
beforeAll(async () => {
  station = await startTestStation();
});
afterAll(() => station?.stop());

test('a killed station comes back on its data folder and asks everybody to sign in anew', async () => {
  await station.signIn();
  const { dockingId } = await station.call('dock.practiceCard', {});
  await station.until('dockings.get', { dockingId }, (docking) => docking.equation.listed > 0);
  const before = await station.pid();
  await station.restart();
  expect(await station.pid()).not.toBe(before);
  expect(await station.codeOf('dockings.get', { dockingId })).toBe('not-signed-in');
  await station.signIn();
  const sealed = await station.until('dockings.get', { dockingId }, (docking) => docking.state === 'sealed');
  expect(sealed.equation.listed).toBe(15);
});
