import type { TestStation } from './station.ts';

/** Docks a folder and waits until reading it, and grouping it into captures, is over. */
export async function dockAndRead(station: TestStation, folder: string): Promise<string> {
  const { dockingId } = await station.call('dock.folder', { path: folder });
  await untilRead(station, dockingId);
  return dockingId;
}

/** Waits until a docking has nothing more to read and every item that can be a capture is one. */
export async function untilRead(station: TestStation, dockingId: string): Promise<void> {
  await station.until('dockings.get', { dockingId }, ({ state }) => !['listing', 'reading'].includes(state));
  await station.until('station.status', {}, ({ idle, waiting }) => idle && waiting.length === 0);
}

/** Files everything that can be filed of a docking to the first complete worklist entry, skin of hand, right. */
export async function fileAll(station: TestStation, dockingId: string) {
  const { captures } = await station.call('captures.list', { dockingId, stage: 'unfiled' });
  const { items } = await station.until('worklist.list', {}, ({ items: all }) =>
    all.some((one) => one.incomplete.length === 0),
  );
  return station.call('captures.file', {
    captureIds: captures.filter((capture) => capture.kind !== 'other').map((capture) => capture.id),
    worklistItemId: items.find((one) => one.incomplete.length === 0)!.id,
    region: { scheme: 'SCT', code: '33712006' },
    laterality: 'R',
    view: null,
    burnedIn: false,
    recognizable: false,
  });
}

/** Waits until every filed capture of a docking is confirmed. */
export async function untilConfirmed(station: TestStation, dockingId: string): Promise<void> {
  await station.until('dockings.get', { dockingId }, ({ equation }) => equation.inDelivery === 0, 90_000);
}

/** Orders the erasure of what the gate lets go and waits until it was looked for again. */
export async function release(station: TestStation, dockingId: string): Promise<number> {
  const { queued } = await station.call('release.start', { dockingId });
  await station.until('dockings.get', { dockingId }, ({ state }) => state !== 'erasing');
  await station.until('station.status', {}, ({ idle }) => idle);
  return queued;
}
