import { describe, expect, test } from 'vitest';
import { Transactions } from '../../../../../main/station/intake/ptp/process/transactions.ts';
import { FakeBulkPipe, type Burst } from '../../../../support/fake-bulk-pipe.ts';

// What devices do with the packets of a transaction, one oddity each; from devices.md 1.3.

const ID = 0;

function container(type: number, code: number, id: number, payload: Uint8Array, length = 12 + payload.length): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(length, 0);
  head.writeUInt16LE(type, 4);
  head.writeUInt16LE(code, 6);
  head.writeUInt32LE(id, 8);
  return Buffer.concat([head, payload]);
}
const ok = (id = ID) => container(3, 0x2001, id, Buffer.alloc(0));
const bytesOf = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 7 + 3) % 251));
const data = (payload: Uint8Array, length?: number) => container(2, 0x1009, ID, payload, length);
const burst = (...parts: readonly Uint8Array[]): Burst => ({ bytes: Buffer.concat(parts) });
const EMPTY = burst();

async function run(answer: readonly Burst[] | ((pipe: FakeBulkPipe) => void), idleMs = 200) {
  const pipe: FakeBulkPipe = new FakeBulkPipe(() => {
    if (typeof answer !== 'function') return answer;
    answer(pipe);
    return [];
  });
  const transactions = new Transactions(pipe, { cancelLimitMs: 200, quietMs: 10 });
  const pieces: Uint8Array[] = [];
  const announced = new Set<number | null>();
  const outcome = await transactions
    .run(
      { code: 0x1009, parameters: [1] },
      {
        idleMs,
        onData: (piece, promised) => {
          pieces.push(Buffer.from(piece));
          announced.add(promised);
        },
      },
    )
    .then(
      (response) => response.code,
      (error: { code: string }) => error.code,
    );
  return { outcome, received: Buffer.concat(pieces), announced: [...announced], pipe, transactions };
}

const big = bytesOf(700_000);
const exact = bytesOf(512 * 40 - 12);
const wholePackets = bytesOf(512 * 40);

describe.each([
  ['data and response, each ended by a short packet', [burst(data(big)), burst(ok())], big],
  ['the header in a packet of its own', [burst(data(big).subarray(0, 12)), burst(big), burst(ok())], big],
  ['an empty packet after whole packets', [burst(data(exact)), EMPTY, burst(ok())], exact],
  ['no empty packet after whole packets', [burst(data(exact)), burst(ok())], exact],
  [
    'a header of its own, whole packets, an empty one',
    [burst(data(wholePackets).subarray(0, 12)), burst(wholePackets), EMPTY, burst(ok())],
    wholePackets,
  ],
  [
    'a header of its own, whole packets, no empty one',
    [burst(data(wholePackets).subarray(0, 12)), burst(wholePackets), burst(ok())],
    wholePackets,
  ],
  ['no data', [burst(ok())], Buffer.alloc(0)],
  ['a data container without data', [burst(data(Buffer.alloc(0))), burst(ok())], Buffer.alloc(0)],
  [
    'data that comes in two short runs',
    [burst(data(big, 12 + 700_000).subarray(0, 300_001)), burst(big.subarray(300_001 - 12)), burst(ok())],
    big,
  ],
  ['unknown length, ended by a short packet', [burst(data(big, 0xffffffff)), burst(ok())], big],
  ['unknown length, whole packets and an empty one', [burst(data(exact, 0xffffffff)), EMPTY, burst(ok())], exact],
  ['unknown length, whole packets, no empty one', [burst(data(exact, 0xffffffff)), burst(ok())], exact],
  [
    'unknown length, the header in a packet of its own',
    [burst(data(big, 0xffffffff).subarray(0, 12)), burst(big), burst(ok())],
    big,
  ],
  [
    'what an older transaction still had to say',
    [burst(container(2, 0x1009, 77, big)), burst(ok(77)), burst(data(exact)), EMPTY, burst(ok())],
    exact,
  ],
] as const)('%s', (_, bursts, expected) => {
  test('gives the data, and the response', async () => {
    const { outcome, received, pipe } = await run(bursts);
    expect(outcome).toBe(0x2001);
    expect(received.equals(expected)).toBe(true);
    expect(pipe.pendingReads).toBe(0);
  });
});

test('less data than announced ends with the response, and with what came', async () => {
  const { outcome, received, announced } = await run([burst(data(big, 12 + 700_100)), burst(ok())]);
  expect([outcome, received.length, announced]).toEqual([0x2001, 700_000, [700_100]]);
  const none = await run([burst(data(Buffer.alloc(0), 12 + 100)), burst(ok())]);
  expect([none.outcome, none.received.length]).toEqual([0x2001, 0]);
});

test('more data than announced, noise for a header, a container of no length: refused, and the pipe is emptied', async () => {
  for (const wrong of [data(big, 12 + 699_000), Buffer.alloc(40, 0xdb), Buffer.alloc(40)]) {
    const { outcome, pipe, transactions } = await run([burst(wrong), burst(ok())]);
    expect(outcome).toBe('device-protocol');
    expect(pipe.log).toContain('cancel 0');
    // The next transaction finds a clean pipe.
    const next = new FakeBulkPipe(() => [burst(ok())]);
    expect(pipe.pendingReads).toBe(0);
    expect((await new Transactions(next).run({ code: 0x1001, parameters: [] })).code).toBe(0x2001);
    expect(transactions).toBeDefined();
  }
});

test('a stall before the first byte is cleared, and asked again once', async () => {
  const { outcome, received, pipe } = await run(['stall', burst(data(big)), burst(ok())]);
  expect(outcome).toBe(0x2001);
  expect(received.equals(big)).toBe(true);
  expect(pipe.log).toEqual(['clear-halt in', 'status']);
});

test('a stall in the middle of data is not asked again', async () => {
  const { outcome, pipe } = await run([burst(data(big).subarray(0, 512 * 1000)), 'stall']);
  expect(outcome).toBe('device-stalled');
  expect(pipe.log).toEqual(['clear-halt in', 'clear-halt out', 'status']);
});

test('silence is cancelled; the device is asked until it is not busy any more', async () => {
  const { outcome, pipe } = await run((device) => void (device.statuses = [0x2019, 0x2019]), 30);
  expect(outcome).toBe('device-timeout');
  expect(pipe.log).toEqual(['cancel 0', 'status', 'status', 'status']);
});

test('a device that is pulled in the middle is gone', async () => {
  const { outcome, pipe } = await run([burst(data(big).subarray(0, 512 * 1000)), 'gone']);
  expect(outcome).toBe('device-gone');
  expect(pipe.pendingReads).toBe(0);
});

test('whoever aborts gets `cancelled`, and what was still to come reaches nobody', async () => {
  const abort = new AbortController();
  const pipe = new FakeBulkPipe(({ code, transactionId }) =>
    code === 0x1009
      ? [burst(data(big).subarray(0, 512 * 1000))]
      : [burst(container(2, code, transactionId, exact)), EMPTY, burst(ok(transactionId))],
  );
  const transactions = new Transactions(pipe, { cancelLimitMs: 100, quietMs: 10 });
  const running = transactions.run(
    { code: 0x1009, parameters: [] },
    { signal: abort.signal, onData: () => abort.abort() },
  );
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  pipe.send([burst(big.subarray(0, 3)), burst(ok(99))]);
  const pieces: Uint8Array[] = [];
  await transactions.run({ code: 0x1008, parameters: [] }, { onData: (piece) => void pieces.push(Buffer.from(piece)) });
  expect(Buffer.concat(pieces).equals(exact)).toBe(true);
});

test('transactions are numbered from 1 in a session, and 0 outside of one', async () => {
  const ids: number[] = [];
  const pipe = new FakeBulkPipe(({ transactionId }) => {
    ids.push(transactionId);
    return [burst(ok(transactionId))];
  });
  const transactions = new Transactions(pipe);
  for (const code of [0x1001, 0x1002, 0x1001, 0x1004, 0x1003, 0x1001])
    await transactions.run({ code, parameters: code === 0x1002 ? [1] : [] });
  expect(ids).toEqual([0, 0, 1, 2, 3, 0]);
});

test('data to the device ends with an empty packet after whole packets', async () => {
  const pipe = new FakeBulkPipe(({ transactionId }) => [burst(ok(transactionId))]);
  await new Transactions(pipe).run({ code: 0x1016, parameters: [], dataOut: Buffer.alloc(500) });
  expect(pipe.written.map(({ length }) => length)).toEqual([12, 512, 0]);
});
