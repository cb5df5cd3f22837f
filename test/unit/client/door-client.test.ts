import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDoor, DoorClient, doorFilePath } from '../../../main/client/index.ts';
import type { DoorState } from '../../../main/client/index.ts';
import type { StationEvent } from '../../../shared/contract.ts';
import { FakeDoor } from '../../support/fake-door.ts';

let dataDir: string;
let door: FakeDoor;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pd-client-'));
  door = await new FakeDoor(dataDir).open();
});

afterEach(async () => {
  await door.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('a call carries input, start token and session, and gives back the answer', async () => {
  door.answers.set('worklist.scan', () => ({ ok: true, value: { match: 'none', items: [] } }));
  const client = await connectDoor(dataDir);
  const answer = await client?.call('worklist.scan', { code: 'Ж-1' }, { session: 'session-token' });
  expect(answer).toEqual({ ok: true, value: { match: 'none', items: [] } });
  expect(door.calls).toEqual([{ name: 'worklist.scan', input: { code: 'Ж-1' }, session: 'session-token' }]);
});

test('a refusal of the station comes back as it is', async () => {
  door.answers.set('station.doctor', () => ({ ok: false, code: 'not-allowed', details: { action: 'see' } }));
  expect(await new DoorClient(dataDir).call('station.doctor', {})).toEqual({
    ok: false,
    code: 'not-allowed',
    details: { action: 'see' },
  });
});

test('without a station there is no client, and a call says so instead of throwing', async () => {
  const client = new DoorClient(dataDir);
  await door.close();
  expect(await connectDoor(dataDir)).toBeNull();
  expect(await client.call('station.info', {})).toEqual({ ok: false, code: 'station-unreachable' });
});

test('a door file that others could have written is not believed', async () => {
  await chmod(doorFilePath(dataDir), 0o644);
  expect(await connectDoor(dataDir)).toBeNull();
});

test('a client finds a station that was started anew, with its new token', async () => {
  const client = new DoorClient(dataDir);
  await door.close();
  door = await new FakeDoor(dataDir).open();
  door.answers.set('station.info', () => ({ ok: true, value: { practice: true } }));
  expect(await client.call('station.info', {})).toEqual({ ok: true, value: { practice: true } });
});

test('a call can be cancelled', async () => {
  const stop = new AbortController();
  door.answers.set('station.info', () => {
    stop.abort();
    return { ok: true, value: {} };
  });
  const answer = await new DoorClient(dataDir).call('station.info', {}, { signal: stop.signal });
  expect(answer).toEqual({ ok: false, code: 'cancelled' });
});

test('events flow, and flow again after the station was restarted', async () => {
  const events: StationEvent[] = [];
  const states: DoorState[] = [];
  const changed = { topics: ['captures'], dockingId: null };
  const arrived = Promise.withResolvers<void>();
  const arrivedAgain = Promise.withResolvers<void>();
  const stop = new DoorClient(dataDir).events(
    (event) => {
      events.push(event);
      (events.length === 1 ? arrived : arrivedAgain).resolve();
    },
    { session: 'session-token', onState: (state) => states.push(state) },
  );
  await door.until(() => door.listeners.size === 1);
  expect([...door.listeners.values()]).toEqual(['session-token']);
  door.tell('changed', changed);
  await arrived.promise;

  await door.close();
  door = await new FakeDoor(dataDir).open();
  await door.until(() => door.listeners.size === 1);
  door.tell('changed', changed);
  await arrivedAgain.promise;
  stop();
  expect(events).toEqual([
    { name: 'changed', payload: changed },
    { name: 'changed', payload: changed },
  ]);
  expect(states).toEqual(['connected', 'reconnecting', 'connected']);
});

test('a picture comes with its type, length and bytes', async () => {
  const bytes = Buffer.from('not really a picture');
  door.pictures.set('capture-1/thumb', { status: 200, contentType: 'image/jpeg', bytes });
  const picture = await new DoorClient(dataDir).picture('capture-1', 'thumb', { session: 's' });
  expect([picture.status, picture.contentType, picture.contentLength]).toEqual([200, 'image/jpeg', bytes.length]);
  expect(Buffer.concat(await picture.body.toArray())).toEqual(bytes);
  const missing = await new DoorClient(dataDir).picture('capture-2', 'thumb', {});
  missing.body.resume();
  expect(missing.status).toBe(404);
});
