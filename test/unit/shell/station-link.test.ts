import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Access } from '../../../main/shell/access.ts';
import { StationLink } from '../../../main/shell/station-link.ts';
import type { StationEvent } from '../../../shared/contract.ts';
import { FakeDoor } from '../../support/fake-door.ts';

let dataDir: string;
let door: FakeDoor;
let link: StationLink;
let access: Access;
let events: StationEvent[];
let sessionLost: PromiseWithResolvers<void>;
let connected: PromiseWithResolvers<void>;
let reconnecting: PromiseWithResolvers<void>;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pd-link-'));
  door = await new FakeDoor(dataDir).open();
  events = [];
  sessionLost = Promise.withResolvers();
  connected = Promise.withResolvers();
  reconnecting = Promise.withResolvers();
  access = new Access(() => link.follow());
  link = new StationLink({
    access,
    // A station that cannot be started: the tests bring their own.
    station: { dataDir, configFile: null, nodePath: join(dataDir, 'no-node'), stationMain: 'none' },
    onEvent: (event) => {
      events.push(event);
      if (event.name !== 'station.connection') return;
      (event.payload.state === 'connected' ? connected : reconnecting).resolve();
    },
    onSessionLost: () => sessionLost.resolve(),
  });
});

afterEach(async () => {
  link.close();
  await door.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('tells the connection, passes events on, and follows as the person who signs in', async () => {
  link.open();
  await connected.promise;
  access.grant('session-token');
  await door.until(() => [...door.listeners.values()].includes('session-token'));
  expect(events).toEqual([{ name: 'station.connection', payload: { state: 'connected' } }]);
});

test('a station that died and came back is found again, and a session it forgot is told', async () => {
  link.open();
  await connected.promise;
  await door.close();
  await reconnecting.promise;
  access.grant('session-of-the-dead-station');
  door = new FakeDoor(dataDir);
  door.answers.set('session.current', () => ({ ok: true, value: { person: null } }));
  await door.open();
  await sessionLost.promise;
  expect(door.calls).toEqual([{ name: 'session.current', input: {}, session: 'session-of-the-dead-station' }]);
});

test('why no station could be started is known', async () => {
  await door.close();
  link.open();
  await expect.poll(() => link.startError).toBe('station-not-found');
});
