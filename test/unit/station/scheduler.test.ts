import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Step } from '../../../main/station/scheduler.ts';
import { Scheduler } from '../../../main/station/scheduler.ts';

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'Date', 'performance'],
    }),
);
afterEach(() => void vi.useRealTimers());

const errors: string[] = [];
beforeEach(() => void (errors.length = 0));
const coded = (code: string) => Object.assign(new Error(code), { code });

/** A step whose rows are a set; `work` decides what becomes of a row. */
function stepOf(
  rows: Set<string>,
  work: (id: string, signal: AbortSignal, attempt: number) => Promise<void>,
  rest: Partial<Step> = {},
): Step {
  return {
    name: 'step',
    concurrency: 2,
    find: async (limit) => [...rows].slice(0, limit),
    run: async (id, signal, attempt) => {
      await work(id, signal, attempt);
      rows.delete(id);
    },
    ...rest,
  };
}
function start(steps: Step[]) {
  const scheduler = new Scheduler(steps, {
    onError: (_step, id, code, attempts) => errors.push(`${id} ${code} ${attempts}`),
  });
  scheduler.start();
  return scheduler;
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('every row is done once, never more at a time than the step says', async () => {
  const rows = new Set(Array.from({ length: 9 }, (_, index) => `r${index}`));
  const seen: string[] = [];
  let now = 0;
  let most = 0;
  const scheduler = start([
    stepOf(rows, async (id) => {
      seen.push(id);
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
    }),
  ]);
  await pass(200);
  expect(seen.toSorted()).toEqual(Array.from({ length: 9 }, (_, index) => `r${index}`));
  expect(most).toBe(2);
  expect((await scheduler.outlook()).idle).toBe(true);
  await scheduler.stop();
});

test('a row that is being done is not begun again, however often it is found', async () => {
  let begun = 0;
  let finish = () => {};
  const scheduler = start([
    stepOf(new Set(['one']), () => {
      begun += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    }),
  ]);
  for (let turn = 0; turn < 20; turn += 1) {
    scheduler.kick();
    await pass(500);
  }
  expect(begun).toBe(1);
  expect((await scheduler.outlook()).idle).toBe(false);
  finish();
  await pass(10);
  expect((await scheduler.outlook()).idle).toBe(true);
  await scheduler.stop();
});

test('a row that throws is tried again after 1, 2, 4 ... at most 60 seconds, and told each time', async () => {
  const at: number[] = [];
  const begin = Date.now();
  const scheduler = start([
    stepOf(new Set(['bad']), async () => {
      at.push(Math.round((Date.now() - begin) / 1000));
      throw coded('EIO');
    }),
  ]);
  await pass(300_000);
  const gaps = at.slice(1).map((time, index) => time - at[index]!);
  expect(gaps.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(errors.slice(0, 3)).toEqual(['bad EIO 1', 'bad EIO 2', 'bad EIO 3']);
  await scheduler.stop();
});

test('a clock that leaps by years neither stops nor hurries a retry', async () => {
  let tries = 0;
  const scheduler = start([
    stepOf(new Set(['bad']), async () => {
      tries += 1;
      throw coded('EIO');
    }),
  ]);
  await pass(500);
  expect(tries).toBe(1);
  const years = 20 * 365 * 86_400_000;
  vi.setSystemTime(Date.now() - years);
  await pass(5000);
  expect(tries).toBe(3);
  vi.setSystemTime(Date.now() + 2 * years);
  await pass(1000);
  expect(tries).toBe(3);
  const [waiting] = (await scheduler.outlook()).waiting;
  expect(Math.abs(waiting!.nextAttemptAt - Date.now())).toBeLessThan(60_000);
  await scheduler.stop();
});

test('a row that waits holds up no other', async () => {
  const rows = new Set(['bad', 'worse', 'a', 'b', 'c']);
  const done: string[] = [];
  const scheduler = start([
    stepOf(rows, async (id) => {
      if (id === 'bad' || id === 'worse') throw coded('EIO');
      done.push(id);
    }),
  ]);
  await pass(500);
  expect(done).toEqual(['a', 'b', 'c']);
  // What waits is not work: the station is idle, and says what it waits for.
  expect((await scheduler.outlook()).idle).toBe(true);
  expect((await scheduler.outlook()).waiting).toMatchObject([{ step: 'step', code: 'EIO', count: 2 }]);
  await scheduler.stop();
});

test('a row whose time comes while the lanes are asked is work or waits: never neither', async () => {
  const rows = new Set(['late']);
  const next = new Set<string>();
  let slow = false;
  const first = stepOf(rows, async (id, _signal, attempt) => {
    if (attempt === 1) throw coded('EIO');
    rows.delete(id);
    next.add('after it');
  });
  const second = stepOf(next, () => Promise.resolve(), { name: 'second' });
  const third = stepOf(new Set<string>(), () => Promise.resolve(), { name: 'third' });
  const scheduler = start([
    first,
    second,
    {
      ...third,
      async find() {
        if (slow) await new Promise((resolve) => setTimeout(resolve, 2000));
        return [];
      },
    },
  ]);
  await pass(200);
  expect(await scheduler.outlook()).toMatchObject({ idle: true, waiting: [{ code: 'EIO' }] });
  slow = true;
  const asked = scheduler.outlook();
  await pass(2500);
  expect(await asked).toMatchObject({ idle: false });
  await scheduler.stop();
});

test('retryNow tries at once, and keeps counting the attempts', async () => {
  const attempts: number[] = [];
  const scheduler = start([
    stepOf(
      new Set(['bad']),
      async (_id, _signal, attempt) => {
        attempts.push(attempt);
        if (attempt < 3) throw coded('EIO');
      },
      { backoff: () => 3_600_000 },
    ),
  ]);
  await pass(5000);
  expect(attempts).toEqual([1]);
  scheduler.retryNow();
  await pass(10);
  scheduler.retryNow();
  await pass(10);
  expect(attempts).toEqual([1, 2, 3]);
  expect((await scheduler.outlook()).waiting).toEqual([]);
  await scheduler.stop();
});

test('a step that cannot look is said, and looks again', async () => {
  let looks = 0;
  const scheduler = start([
    {
      name: 'blind',
      concurrency: 1,
      run: async () => {},
      find: async () => ((looks += 1), Promise.reject(coded('store-statement'))),
    },
  ]);
  await pass(3100);
  expect(looks).toBeGreaterThanOrEqual(3);
  expect(errors[0]).toBe(' store-statement 0');
  await scheduler.stop();
});

test('stop aborts what runs, awaits it, begins nothing more and reports nothing', async () => {
  const rows = new Set(['a', 'b', 'c']);
  const begun: string[] = [];
  let ended = 0;
  const scheduler = start([
    stepOf(rows, (id, signal) => {
      begun.push(id);
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          ended += 1;
          reject(coded('ABORT_ERR'));
        }),
      );
    }),
  ]);
  await pass(10);
  await scheduler.stop();
  expect(ended).toBe(2);
  scheduler.kick();
  await pass(5000);
  expect(begun).toEqual(['a', 'b']);
  expect(errors).toEqual([]);
});

test('a medium whose rows never end keeps no other medium waiting, and one alone may use all there is', async () => {
  const rows = new Set([...Array.from({ length: 9 }, (_, index) => `slow ${index}`), 'fast 0', 'fast 1', 'fast 2']);
  const begun: string[] = [];
  const [slowFirst, ...rest] = [...rows].filter((id) => id.startsWith('slow'));
  const find = async () => [...rows].toSorted((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1]));
  const scheduler = start([
    stepOf(
      rows,
      async (id) => {
        begun.push(id);
        if (id.startsWith('slow')) await new Promise(() => undefined);
      },
      {
        concurrency: 4,
        find,
        media: { of: (id) => id.split(' ')[0]!, limit: (_medium, media) => Math.floor(4 / media) },
      },
    ),
  ]);
  await pass(3000);
  expect(begun.filter((id) => id.startsWith('fast'))).toEqual(['fast 0', 'fast 1', 'fast 2']);
  // The fast medium is through: what is left belongs to the slow one alone.
  expect(begun.filter((id) => id.startsWith('slow'))).toEqual([slowFirst, ...rest.slice(0, 3)]);
  void scheduler;
});

test('a medium that comes while all places are taken gets one at once', async () => {
  const rows = new Set(['slow 0', 'slow 1']);
  const begun: string[] = [];
  start([
    stepOf(
      rows,
      async (id) => {
        begun.push(id);
        if (id.startsWith('slow')) await new Promise(() => undefined);
      },
      { concurrency: 2, media: { of: (id) => id.split(' ')[0]!, limit: (_medium, media) => Math.floor(2 / media) } },
    ),
  ]);
  await pass(1500);
  rows.add('new 0');
  await pass(1500);
  expect(begun).toEqual(['slow 0', 'slow 1', 'new 0']);
});
