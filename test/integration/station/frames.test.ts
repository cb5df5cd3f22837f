import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FrameAnswer } from '../../../shared/contract/capture.ts';
import { FRAME_MAX_BYTES, NO_OPTICS } from '../../../shared/contract/capture.ts';
import { testJpeg } from '../../support/jpeg.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';
import { fileAll, untilConfirmed } from '../../support/walk-card.ts';

let station: TestStation;
beforeAll(async () => {
  station = await startTestStation();
  await station.signIn();
});
afterAll(() => station?.stop());

const OPTICS = { magnification: 10, polarisation: 'cross', contact: 'contact', immersion: 'alcohol' } as const;
const device = { label: 'Scope (9999:9999)', vendorId: '9999', productId: '9999' };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function send(dockingId: string, bytes: Uint8Array, hash = sha256(bytes)): Promise<FrameAnswer> {
  const facts = { sha256: hash, takenAt: Date.UTC(2026, 10, 28, 9, 30, 15), optics: OPTICS };
  return station.client.frame(dockingId, facts, bytes, { session: station.session });
}

test('a picture of a live camera is sealed, proven and a capture; sent again it is the same one', async () => {
  const { dockingId, device: opened } = await station.call('capture.open', { device });
  expect(opened.optics).toEqual(NO_OPTICS);
  // The window asks again after it was reloaded: it is one connection.
  expect((await station.call('capture.open', { device })).dockingId).toBe(dockingId);
  await station.call('capture.optics', { mediumId: opened.mediumId, optics: OPTICS });
  await station.call('capture.describe', {
    mediumId: opened.mediumId,
    maker: 'Optik GmbH',
    model: 'Scope 4K',
    serial: 'D-77',
  });

  const picture = await testJpeg(1);
  const [first, again] = await Promise.all([send(dockingId, picture), send(dockingId, picture)]);
  expect(first).toMatchObject({ ok: true, value: { sha256: sha256(picture) } });
  expect(again).toEqual(first);
  expect(await send(dockingId, await testJpeg(2))).toMatchObject({ ok: true });

  const { frames } = await station.until('capture.frames', { dockingId }, (value) =>
    value.frames.every((frame) => frame.captureId !== null),
  );
  expect(frames).toHaveLength(2);
  expect(frames[0]).toMatchObject({ takenAt: Date.UTC(2026, 10, 28, 9, 30, 15), optics: OPTICS });
  const detail = await station.call('captures.get', { captureId: frames[1]!.captureId! });
  expect(detail.items[0]).toMatchObject({ stage: 'proven', onMedium: 'absent', sha256: sha256(picture) });
  expect(detail.evidence.map(({ kind, ok, facts }) => [kind, ok, facts['how'] ?? null])).toEqual([
    ['source-hash', true, null],
    ['second-read', true, 'sender-hash'],
    ['unsealed-hash', true, null],
    ['checked-absent', true, 'never-stored'],
  ]);
  expect(detail.strip.at(-1)).toMatchObject({ step: 'erased', state: 'not-offered' });
  // As at the camera's clock: the moment it was taken.
  expect(Date.parse(`${detail.capturedAt}${detail.capturedOffset}`)).toBe(Date.UTC(2026, 10, 28, 9, 30, 15));

  await fileAll(station, dockingId);
  await untilConfirmed(station, dockingId);
  const docking = await station.call('dockings.get', { dockingId });
  expect(docking).toMatchObject({
    state: 'clear',
    releasable: 0,
    equation: { listed: 2, confirmed: 2 },
    medium: { kind: 'dermatoscope', maker: 'Optik GmbH', model: 'Scope 4K', serial: 'D-77' },
  });
  expect(await station.call('release.start', { dockingId })).toEqual({ queued: 0 });
  const { text } = await station.call('certificate.get', { dockingId });
  expect(text.match(/"end":"never-stored"/g)).toHaveLength(2);
  expect(text).not.toContain('"end":"erased"');
  const { html } = await station.call('certificate.html', { dockingId });
  expect(html).toContain('never stored on the device');
  expect(html).toContain('2 never stored on it, 0 deleted on the device and no longer listed');
});

test('what is no picture, too large, or not what was sent is refused, and nothing of it stays', async () => {
  const { dockingId } = await station.call('capture.open', { device });
  const count = async () => (await station.call('capture.frames', { dockingId })).frames.length;
  const before = await count();
  const picture = await testJpeg(3);
  expect(await send(dockingId, picture, sha256(Buffer.from('other')))).toEqual({ ok: false, code: 'frame-differs' });
  expect(await send(dockingId, Buffer.from('no picture'))).toEqual({ ok: false, code: 'frame-not-jpeg' });
  expect(await send('00000000-0000', picture)).toEqual({ ok: false, code: 'no-such-docking' });
  expect(await send(dockingId, Buffer.alloc(FRAME_MAX_BYTES + 1))).toMatchObject({ ok: false });
  const folder = await station.call('dock.practiceCard', {});
  expect(await send(folder.dockingId, picture)).toEqual({ ok: false, code: 'frame-not-of-camera' });
  const nobody = { sha256: sha256(picture), takenAt: 1, optics: NO_OPTICS };
  expect(await station.client.frame(dockingId, nobody, picture, {})).toEqual({ ok: false, code: 'not-signed-in' });
  expect(await count()).toBe(before);
});

test('a picture that waits while the station is killed is taken in afterwards, in the docking it was taken in', async () => {
  const { dockingId } = await station.call('capture.open', { device });
  const picture = await testJpeg(4);
  await station.kill('SIGKILL');
  expect(await send(dockingId, picture)).toEqual({ ok: false, code: 'station-unreachable' });
  await station.restart();
  await station.signIn();
  expect(await station.call('dockings.get', { dockingId })).toMatchObject({ connected: false });
  expect(await send(dockingId, picture)).toMatchObject({ ok: true });
  await station.until('capture.frames', { dockingId }, ({ frames }) =>
    frames.some((frame) => frame.sha256 === sha256(picture) && frame.captureId !== null),
  );
  // The window shows the camera anew: another connection of the same device, with what is known of it.
  const again = await station.call('capture.open', { device });
  expect(again.dockingId).not.toBe(dockingId);
  expect(again.device).toMatchObject({ serial: 'D-77', optics: OPTICS });
  expect((await station.call('capture.devices', {})).devices).toMatchObject([{ label: device.label, serial: 'D-77' }]);
  await station.call('capture.close', { dockingId: again.dockingId });
  expect(await station.call('capture.here', { dockingId: again.dockingId })).toEqual({ open: false });
});
