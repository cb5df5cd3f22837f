import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { CardFaults, FuseCard } from '../../support/fuse-card.ts';
import { mountFuseCard } from '../../support/fuse-card.ts';
import { testJpeg } from '../../support/jpeg.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';
import { dockAndRead, fileAll, release, untilConfirmed, untilRead } from '../../support/walk-card.ts';

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
const lineOf = async (dockingId: string, file: string) =>
  (await certificateLines(dockingId)).find((line) => line['file'] === file)!;

describe('a card that gives other bytes on the second read', () => {
  test('its item ends unreadable, is never erasable, and the others go their way', async () => {
    const { root, backing } = await card(['DCIM/A.JPG', 'DCIM/B.JPG', 'DCIM/C.JPG'], {
      'other-bytes': ['/DCIM/B.JPG'],
    });
    const dockingId = await dockAndRead(station, root);
    const docking = await station.call('dockings.get', { dockingId });
    expect(docking.equation).toMatchObject({ listed: 3, unreadable: 1, unfiled: 2 });
    expect(await review(dockingId)).toContainEqual(
      expect.objectContaining({ name: 'B.JPG', list: 'unreadable', code: 'second-read-differs' }),
    );
    await fileAll(station, dockingId);
    await untilConfirmed(station, dockingId);
    const preview = await station.call('release.preview', { dockingId });
    expect(preview.erasable).toBe(2);
    expect(preview.kept.map((item) => [item.name, item.because])).toEqual([['B.JPG', ['unreadable']]]);
    expect(await release(station, dockingId)).toBe(2);
    expect(await fs.readdir(path.join(backing, 'DCIM'))).toEqual(['B.JPG']);
    const after = await station.call('dockings.get', { dockingId });
    expect(after.state).not.toBe('clear');
    expect(after.onMedium).toEqual({ present: 0, absent: 2, kept: 1, eraseUnverified: 0 });
    expect(await lineOf(dockingId, 'DCIM/B.JPG')).toMatchObject({
      stage: 'unreadable',
      code: 'second-read-differs',
      end: 'kept',
    });
  });

  test('the object is read again before it is erased: one that changed since stays', async () => {
    const { root, backing, setFaults } = await card(['A.JPG', 'B.JPG']);
    const dockingId = await dockAndRead(station, root);
    await fileAll(station, dockingId);
    await untilConfirmed(station, dockingId);
    await setFaults({ 'other-bytes': ['/A.JPG'] });
    await release(station, dockingId);
    expect(await fs.readdir(backing)).toEqual(['A.JPG']);
    expect(await lineOf(dockingId, 'A.JPG')).toMatchObject({ end: 'kept', because: ['object-changed'] });
  });
});

test('a file that cannot be read ends unreadable with the reason of the system', async () => {
  const { root, backing } = await card(['A.JPG', 'B.JPG'], { eio: ['/B.JPG'] });
  const dockingId = await dockAndRead(station, root);
  const docking = await station.call('dockings.get', { dockingId });
  expect(docking.equation).toMatchObject({ listed: 2, unreadable: 1, unfiled: 1 });
  expect(await review(dockingId)).toContainEqual(
    expect.objectContaining({ name: 'B.JPG', list: 'unreadable', code: 'EIO' }),
  );
  expect(await fs.readdir(backing)).toEqual(['A.JPG', 'B.JPG']);
});

describe('erasing', () => {
  test('a delete that is answered with success and does nothing is not called absent, and can be tried again', async () => {
    const { root, backing, setFaults } = await card(['A.JPG', 'B.JPG'], { keeps: ['/B.JPG'] });
    const dockingId = await dockAndRead(station, root);
    await fileAll(station, dockingId);
    await untilConfirmed(station, dockingId);
    await release(station, dockingId);
    const after = await station.call('dockings.get', { dockingId });
    expect(after.onMedium).toEqual({ present: 0, absent: 1, kept: 0, eraseUnverified: 1 });
    expect(after.state).not.toBe('clear');
    expect(await review(dockingId)).toContainEqual(
      expect.objectContaining({ name: 'B.JPG', list: 'not-erased', code: 'erase-unverified' }),
    );
    expect(await lineOf(dockingId, 'B.JPG')).toMatchObject({ end: 'erase-unverified' });
    await setFaults({});
    expect(await release(station, dockingId)).toBe(1);
    expect(await fs.readdir(backing)).toEqual([]);
    expect(await station.call('dockings.get', { dockingId })).toMatchObject({
      state: 'clear',
      onMedium: { absent: 2, eraseUnverified: 0 },
    });
  });

  test.each(['EROFS', 'EACCES'] as const)('a delete refused with %s keeps the item, with why', async (refusal) => {
    const { root, backing } = await card(['A.JPG', 'B.JPG'], { refuses: { '/A.JPG': refusal } });
    const dockingId = await dockAndRead(station, root);
    await fileAll(station, dockingId);
    await untilConfirmed(station, dockingId);
    await release(station, dockingId);
    expect(await fs.readdir(backing)).toEqual(['A.JPG']);
    expect(await lineOf(dockingId, 'A.JPG')).toMatchObject({ end: 'kept', because: ['erase-refused'] });
    expect(await lineOf(dockingId, 'B.JPG')).toMatchObject({ end: 'erased' });
    expect(await review(dockingId)).toContainEqual(
      expect.objectContaining({ name: 'A.JPG', list: 'not-erased', code: 'erase-refused' }),
    );
  });
});

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
