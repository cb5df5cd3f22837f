import { expect, test } from 'vitest';
import { Sessions, SignInThrottle } from '../../../../main/station/people/index.ts';

test('after five wrong passwords each further one costs more, up to a minute; the right one forgives', () => {
  let now = 0;
  const throttle = new SignInThrottle(() => now);
  const waits = Array.from({ length: 13 }, () => {
    throttle.failed('ann');
    const wait = throttle.waitOf('ann');
    now += wait;
    return wait;
  });
  expect(waits).toEqual([0, 0, 0, 0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]);
  expect(throttle.waitOf('bob')).toBe(0);
  throttle.failed('ann');
  throttle.succeeded('ann');
  expect(throttle.waitOf('ann')).toBe(0);
});

test('a session ends where it was closed, and all of a person end together', () => {
  const sessions = new Sessions();
  const ann = { personId: 'a', login: 'ann', displayName: 'Ann', role: 'lead' as const };
  const bob = { ...ann, personId: 'b' };
  const [one, two, other] = [sessions.open(ann), sessions.open(ann), sessions.open(bob)];
  expect(new Set([one, two, other]).size).toBe(3);
  sessions.close(one);
  expect(sessions.find(one)).toBeNull();
  expect(sessions.find(two)).toEqual(ann);
  sessions.closeOf('a');
  expect(sessions.find(two)).toBeNull();
  expect(sessions.find(other)).toEqual(bob);
  expect(sessions.find(null)).toBeNull();
});
