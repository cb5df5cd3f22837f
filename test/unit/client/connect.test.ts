import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectDoor } from '../../../main/client/index.ts';
import type { DoorFile } from '../../../main/client/door-file.ts';

// What the door file says each time it is read, in this order.
const written = vi.hoisted((): { files: (DoorFile | null)[] } => ({ files: [] }));
vi.mock('../../../main/client/door-file.ts', async (original) => ({
  ...(await original<object>()),
  readDoorFile: async () => written.files.shift(),
}));

let folder: string;
let listening: Server;
const doorOf = (token: string): DoorFile => ({
  pid: 1,
  socket: join(folder, 'door.sock'),
  token,
  startedAt: 1,
  version: '0',
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pd-connect-'));
  listening = createServer();
  await new Promise<void>((resolve) => listening.listen(doorOf('').socket, resolve));
});

afterEach(async () => {
  await new Promise((resolve) => listening.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['has not said so yet', () => null],
  ['has another token', () => doorOf('of the next one')],
])(
  'the socket of a killed station at which the next one listens is no open door while that one %s',
  async (_, next) => {
    written.files = [doorOf('of the killed one'), next()];
    expect(await connectDoor(folder)).toBeNull();
  },
);

test('a station whose file stays the same is there', async () => {
  written.files = [doorOf('of this one'), doorOf('of this one')];
  expect(await connectDoor(folder)).not.toBeNull();
});
