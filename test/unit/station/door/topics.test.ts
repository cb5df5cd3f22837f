import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StationEvent } from '../../../../shared/contract.ts';
import { Announcer } from '../../../../main/station/door/topics.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const DOCKING = 'docking-0001';

function listening() {
  const announcer = new Announcer(() => Promise.resolve(null));
  const changed: { topics: readonly string[]; after: number }[] = [];
  const began = performance.now();
  announcer.listen((event: StationEvent) => {
    if (event.name === 'changed') changed.push({ topics: event.payload.topics, after: performance.now() - began });
  });
  return { announcer, changed };
}

test('what changes after a quiet moment is told at once: a picture that was just taken waits for nobody', async () => {
  const { announcer, changed } = listening();
  announcer.announce(['dockings'], DOCKING);
  await vi.advanceTimersByTimeAsync(1);
  expect(changed).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_000);
  announcer.announce(['captures'], DOCKING);
  await vi.advanceTimersByTimeAsync(1);
  expect(changed.map(({ topics }) => topics)).toEqual([['dockings'], ['captures']]);
});

test('a burst is gathered: at most four times a second, and the last change is told', async () => {
  const { announcer, changed } = listening();
  for (let at = 0; at < 1000; at += 10) {
    announcer.announce([at === 990 ? 'review' : 'dockings'], DOCKING);
    await vi.advanceTimersByTimeAsync(10);
  }
  await vi.advanceTimersByTimeAsync(1000);
  const gaps = changed.slice(1).map(({ after }, index) => after - changed[index]!.after);
  expect(changed.length).toBeGreaterThanOrEqual(4);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(249);
  expect(changed.at(-1)?.topics).toContain('review');
});
