import type { IpcMainInvokeEvent } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';
import { Access } from '../../../main/shell/access.ts';
import { FrameKeeper } from '../../../main/shell/frame-keeper.ts';
import { FRAME_MAX_BYTES, NO_OPTICS } from '../../../shared/contract/capture.ts';
import type { FrameAnswer } from '../../../shared/contract/capture.ts';

type Event = Pick<IpcMainInvokeEvent, 'senderFrame' | 'sender'>;
const from = (url: string, id = 1): Event =>
  ({ senderFrame: { url, parent: null }, sender: { id } }) as unknown as Event;
const page = from('app://station/#/capture');

const facts = { sha256: 'a'.repeat(64), takenAt: 1, optics: NO_OPTICS };
const sealed: FrameAnswer = { ok: true, value: { itemId: 'item-0001', sha256: facts.sha256 } };
const lost: FrameAnswer = { ok: false, code: 'station-unreachable' };
const bytes = new Uint8Array([1, 2, 3]);

let frame: ReturnType<typeof vi.fn<(...given: unknown[]) => Promise<FrameAnswer>>>;
let access: Access;
let counts: number[];
let keeper: FrameKeeper;

beforeEach(() => {
  frame = vi.fn(() => Promise.resolve(sealed));
  access = new Access();
  access.grant('token');
  counts = [];
  keeper = new FrameKeeper({
    client: { frame },
    access,
    windows: new Set([1]),
    onCount: (count) => counts.push(count),
    stationLost: () => undefined,
  });
});

test('a picture is sent with the session of the person, and forgotten when it is sealed', async () => {
  expect(await keeper.handOver(page, 'docking-0001', facts, bytes)).toEqual(sealed);
  expect(frame).toHaveBeenCalledWith('docking-0001', facts, bytes, expect.objectContaining({ session: 'token' }));
  expect(counts).toEqual([1, 0]);
});

test('a picture that no station took is kept past the end of the page, and sent when somebody has signed in', async () => {
  frame.mockResolvedValueOnce(lost);
  expect(await keeper.handOver(page, 'docking-0001', facts, bytes)).toEqual(lost);
  access.forget();
  await keeper.sendAgain();
  expect(frame).toHaveBeenCalledTimes(1);
  expect(keeper.count).toBe(1);
  access.grant('another');
  await keeper.sendAgain();
  expect(frame).toHaveBeenLastCalledWith('docking-0001', facts, bytes, expect.objectContaining({ session: 'another' }));
  expect(keeper.count).toBe(0);
});

test('the same picture handed over again while it is on its way is one', async () => {
  let answer!: (value: FrameAnswer) => void;
  frame.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  const first = keeper.handOver(page, 'docking-0001', facts, bytes);
  const second = keeper.handOver(page, 'docking-0001', facts, bytes);
  answer(sealed);
  expect(await Promise.all([first, second])).toEqual([sealed, sealed]);
  expect(frame).toHaveBeenCalledTimes(1);
});

test('what can never be taken in is not kept', async () => {
  frame.mockResolvedValueOnce({ ok: false, code: 'frame-not-jpeg' });
  await keeper.handOver(page, 'docking-0001', facts, bytes);
  expect(keeper.count).toBe(0);
});

test('only our own page may hand over, and only what a picture can be', async () => {
  await expect(keeper.handOver(from('https://x/'), 'docking-0001', facts, bytes)).rejects.toMatchObject({
    code: 'sender-refused',
  });
  await expect(keeper.handOver(from('app://station/', 2), 'docking-0001', facts, bytes)).rejects.toMatchObject({
    code: 'sender-refused',
  });
  for (const [docking, given, what] of [
    ['../etc', facts, bytes],
    ['docking-0001', { ...facts, sha256: 'x' }, bytes],
    ['docking-0001', { ...facts, surplus: 1 }, bytes],
    ['docking-0001', facts, 'text'],
  ]) {
    expect(await keeper.handOver(page, docking, given, what)).toEqual({ ok: false, code: 'bad-request' });
  }
  const large = { length: FRAME_MAX_BYTES + 1, __proto__: Uint8Array.prototype };
  Object.defineProperty(large, 'length', { value: FRAME_MAX_BYTES + 1 });
  expect(await keeper.handOver(page, 'docking-0001', facts, large)).toEqual({ ok: false, code: 'frame-too-large' });
  expect(frame).not.toHaveBeenCalled();
});
