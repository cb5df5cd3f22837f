import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchIdle } from '../../../main/shell/idle-lock.ts';

class Monitor extends EventEmitter {
  idleSeconds = 0;
  state = 'active';
  getSystemIdleTime(): number {
    return this.idleSeconds;
  }
  getSystemIdleState(): string {
    return this.state;
  }
}

let monitor: Monitor;
let lastSeenAt: number | null;
let minutes: number;
const lock = vi.fn();
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000 });
  lock.mockReset();
  monitor = new Monitor();
  lastSeenAt = Date.now();
  minutes = 5;
  stop = watchIdle({ powerMonitor: monitor, lockAfterMinutes: () => minutes, lastSeenAt: () => lastSeenAt, lock });
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** Lets time pass without any input. */
function idle(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) {
    monitor.idleSeconds += 1;
    vi.advanceTimersByTime(1000);
  }
}

test('locks when nobody has touched anything for the configured time, and not before', () => {
  idle(299);
  expect(lock).not.toHaveBeenCalled();
  idle(1);
  expect(lock).toHaveBeenCalledOnce();
});

test('input anywhere on the machine keeps it open', () => {
  idle(200);
  monitor.idleSeconds = 0;
  idle(200);
  expect(lock).not.toHaveBeenCalled();
});

test('idle time from before the sign-in does not count', () => {
  monitor.idleSeconds = 100_000;
  idle(10);
  expect(lock).not.toHaveBeenCalled();
});

test('a locked screen or a sleeping machine locks at once', () => {
  monitor.emit('suspend');
  monitor.emit('lock-screen');
  expect(lock).toHaveBeenCalledTimes(2);
  monitor.state = 'locked';
  idle(1);
  expect(lock).toHaveBeenCalledTimes(3);
});

test('does nothing while nobody is signed in, or when it is turned off', () => {
  minutes = 0;
  idle(1000);
  lastSeenAt = null;
  minutes = 5;
  idle(1000);
  monitor.emit('suspend');
  expect(lock).not.toHaveBeenCalled();
});
