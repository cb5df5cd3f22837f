import { expect, test } from 'vitest';
import { retryAfter } from '../../../../../main/station/archive/dicomweb/status.ts';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each([
  ['7', 7_000],
  [' 0 ', 0],
  ['999999', 3_600_000],
  ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
  ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ['soon', null],
  ['-3', null],
])('Retry-After: %s', (header, wait) => {
  expect(retryAfter({ headers: { 'retry-after': header } }, now)).toBe(wait);
});

test('without Retry-After nothing is known', () => {
  expect(retryAfter({ headers: {} }, now)).toBeNull();
});
