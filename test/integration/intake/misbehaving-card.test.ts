import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { CardFaults, FuseCard } from '../../support/fuse-card.ts';
import { mountFuseCard } from '../../support/fuse-card.ts';
import { testJpeg } from '../../support/jpeg.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';
import { dockAndRead, untilRead } from '../../support/walk-card.ts';

// What single files and cards do wrong is in test/faults/kinds/medium-*.ts.
let station: TestStation;
let number = 0;
beforeAll(async () => {
  station = await startTestStation();
  await station.signIn();
});
afterAll(() => station?.stop());

async function card(names: readonly string[], faults: CardFaults = {}): Promise<FuseCard> {
  const files: Record<string, Uint8Array> = {};
  for (const name of names) files[name] = await testJpeg((number += 1));
  const mounted = await mountFuseCard(files, faults);
  onTestFinished(() => mounted.remove());
  return mounted;
}

const review = async (dockingId: string) =>
  (await station.call('review.list', {})).rows.filter((row) => row.dockingId === dockingId);
const certificateLines = async (dockingId: string) =>
  JSON.parse((await station.call('certificate.get', { dockingId })).text) as Record<string, unknown>[];

test('two cards that cannot be told apart, docked at once, are two dockings', async () => {
  const [one, two] = [await card(['A.JPG']), await card(['B.JPG'])];
  const first = await dockAndRead(station, one.root);
  const second = await dockAndRead(station, two.root);
  expect(second).not.toBe(first);
  expect((await certificateLines(second)).filter((line) => 'file' in line)).toMatchObject([{ file: 'B.JPG' }]);
  expect((await station.call('dock.folder', { path: one.root })).dockingId).toBe(first);
});

test('a file that vanishes between listing and reading is unreadable, not forgotten', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `IMG_${String(index).padStart(4, '0')}.JPG`);
  const { root, backing } = await card(names, { slow: 0.005 });
  const { dockingId } = await station.call('dock.folder', { path: root });
  await station.until('dockings.get', { dockingId }, ({ equation }) => equation.listed === 60);
  await fs.rm(path.join(backing, 'IMG_0059.JPG'));
  await untilRead(station, dockingId);
  const { equation } = await station.call('dockings.get', { dockingId });
  expect(equation).toMatchObject({ listed: 60, unfiled: 59, unreadable: 1 });
  expect(await review(dockingId)).toContainEqual(expect.objectContaining({ name: 'IMG_0059.JPG', code: 'ENOENT' }));
});

test('a card pulled in the middle: the docking ends, what is sealed stays, the rest is named', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `DCIM/IMG_${String(index).padStart(4, '0')}.JPG`);
  const { root, pull } = await card(names, { slow: 0.03 });
  const { dockingId } = await station.call('dock.folder', { path: root });
  await station.until(
    'dockings.get',
    { dockingId },
    ({ progress }) => (progress?.itemsDone ?? 0) > 0 && progress?.phase === 'reading',
  );
  await pull();
  const ended = await station.until('dockings.get', { dockingId }, ({ endedAt }) => endedAt !== null);
  expect(ended.state).toBe('unplugged-early');
  expect(ended.equation.listed).toBe(100);
  expect(ended.equation.unreadable).toBeGreaterThan(0);
  await station.until('station.status', {}, ({ idle }) => idle);
  const { captures } = await station.call('captures.list', { dockingId });
  const { equation } = await station.call('dockings.get', { dockingId });
  expect(captures.length + equation.unreadable).toBe(100);
  expect(await station.codeOf('release.start', { dockingId })).toBe('not-connected');
  for (const capture of captures.slice(0, 5)) {
    const picture = await station.client.picture(capture.id, 'screen', { session: station.session });
    picture.body.resume();
    expect(picture.status).toBe(200);
  }
});
