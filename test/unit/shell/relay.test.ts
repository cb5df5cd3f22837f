import type { IpcMainInvokeEvent } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';
import { Access } from '../../../main/shell/access.ts';
import { createRelay } from '../../../main/shell/relay.ts';
import type { RelayParts } from '../../../main/shell/relay.ts';

type Event = Pick<IpcMainInvokeEvent, 'senderFrame' | 'sender'>;

function from(frame: { url: string; parent: unknown } | null, id = 1): Event {
  return { senderFrame: frame, sender: { id } } as unknown as Event;
}

const page = from({ url: 'app://station/', parent: null });
const person = { id: 'person-1', login: 'lead' };

let call: ReturnType<typeof vi.fn>;
let access: Access;
let parts: RelayParts;
let relay: ReturnType<typeof createRelay>;

beforeEach(() => {
  call = vi.fn(() => Promise.resolve({ ok: true, value: {} }));
  access = new Access();
  parts = {
    client: { call } as unknown as RelayParts['client'],
    access,
    windows: new Set([1]),
    shellCalls: { 'shell.pickFolder': () => Promise.resolve({ ok: false, code: 'cancelled' }) },
    forget: vi.fn(),
    stationLost: () => null,
  };
  relay = createRelay(parts);
});

test.each([
  ['a frame that is gone', from(null)],
  ['a frame inside our page', from({ url: 'app://station/', parent: {} })],
  ['another origin', from({ url: 'https://station/', parent: null })],
  ['an empty page', from({ url: 'about:blank', parent: null })],
  ['a window that is not registered', from({ url: 'app://station/', parent: null }, 2)],
])('%s is refused', async (_who, event) => {
  await expect(relay(event, 'station.info', {})).rejects.toMatchObject({ code: 'sender-refused' });
  expect(call).not.toHaveBeenCalled();
});

test.each(['session.signIn', 'session.firstLead'])(
  'the token of %s stays here and is added to later calls',
  async (name) => {
    call.mockResolvedValueOnce({ ok: true, value: { sessionToken: 'secret', person } });
    expect(await relay(page, name, { login: 'lead' })).toEqual({ ok: true, value: { person } });
    await relay(page, 'station.status', {});
    expect(call).toHaveBeenLastCalledWith('station.status', {}, { session: 'secret' });
  },
);

test('signing in anew ends the session before', async () => {
  access.grant('old');
  call.mockResolvedValueOnce({ ok: true, value: { sessionToken: 'new', person } });
  await relay(page, 'session.signIn', {});
  expect(call).toHaveBeenLastCalledWith('session.signOut', {}, { session: 'old' });
  expect(access.token).toBe('new');
});

test.each(['session.signOut', 'session.lock'])('%s forgets the person, whatever the station says', async (name) => {
  call.mockResolvedValueOnce({ ok: false, code: 'station-unreachable' });
  await relay(page, name, {});
  expect(parts.forget).toHaveBeenCalledOnce();
});

test('the page names no paths and no calls that do not exist', async () => {
  expect(await relay(page, 'dock.folder', { path: '/' })).toEqual({ ok: false, code: 'not-for-the-page' });
  expect(await relay(page, '../events', {})).toEqual({ ok: false, code: 'unknown-call' });
  expect(await relay(page, 'constructor', {})).toEqual({ ok: false, code: 'unknown-call' });
  expect(await relay(page, 7, {})).toEqual({ ok: false, code: 'unknown-call' });
  expect(call).not.toHaveBeenCalled();
});

test('a dead station is told, with the reason why none could be started', async () => {
  call.mockResolvedValue({ ok: false, code: 'station-unreachable' });
  expect(await relay(page, 'station.info', {})).toEqual({ ok: false, code: 'station-unreachable' });
  const broken = createRelay({ ...parts, stationLost: () => 'store-too-new' });
  expect(await broken(page, 'station.info', {})).toEqual({
    ok: false,
    code: 'station-unreachable',
    details: { because: 'store-too-new' },
  });
});

test('a call of the shell that fails answers with a code, without its message', async () => {
  const full = Object.assign(new Error('/secret/path'), { code: 'ENOSPC' });
  const shellCalls = { 'shell.pickFolder': () => Promise.reject(full) };
  const answer = await createRelay({ ...parts, shellCalls })(page, 'shell.pickFolder', {});
  expect(answer).toEqual({ ok: false, code: 'ENOSPC' });
});
