import { describe, expect, test } from 'vitest';
import type { MediumRecord } from '../../shared/contract/media.ts';
import { clockWords, isOff } from '../../renderer/screens/media/clock-words.ts';
import { endOfDay, inDays } from '../../renderer/screens/media/due-date.ts';
import { leftWords } from '../../renderer/screens/media/left-words.ts';
import { isOverdue, matches, nameOf, passes } from '../../renderer/screens/media/media-filter.ts';

const medium: MediumRecord = {
  id: 'medium-1',
  kind: 'camera',
  label: 'EOS R6',
  name: null,
  maker: 'Canon',
  model: 'EOS R6',
  serial: '0320',
  ownerUnit: 'Burns',
  managed: false,
  note: null,
  sizeBytes: null,
  approved: { at: 1, by: null },
  awaitingDockingId: null,
  retiredAt: null,
  dockings: 1,
  firstDockedAt: 1,
  firstDockedBy: null,
  lastDockedAt: 1,
  lastDockedBy: null,
  dockedNow: false,
  left: { present: 0, kept: 0, eraseUnverified: 0, unread: 0, clear: true, unknownSince: 1 },
  clock: [],
  loan: null,
};
const loan = {
  id: 'loan-0001',
  borrower: 'Dr Weber',
  lentAt: 1,
  lentBy: 'Ann',
  dueAt: 2,
  returnedAt: null,
  returnedBy: null,
  overdue: true,
};

describe('the register on the screen', () => {
  test('a clock is told in words, and warned about beyond two minutes', () => {
    expect([0, 1400, 124_000, -124_000, 61_000, -3_600_000 * 5, 40_000].map(clockWords)).toEqual([
      'right',
      'right',
      '2 min 4 s fast',
      '2 min 4 s slow',
      '1 min 1 s fast',
      '5 h 0 min slow',
      '40 s fast',
    ]);
    expect([120_000, -120_001].map(isOff)).toEqual([false, true]);
  });

  test('what is left is never called clear when it was not seen', () => {
    expect(leftWords(medium.left)).toBe('Clear');
    expect(leftWords({ ...medium.left, clear: false })).toBe('Nobody has looked');
    expect(leftWords({ ...medium.left, clear: false, present: 2, kept: 1, eraseUnverified: 1, unread: 4 })).toBe(
      '3 files on it, 1 not checked absent, 4 not read',
    );
  });

  test('each list holds its media, and retired ones are seen only when asked for', () => {
    const filters = ['all', 'out', 'overdue', 'not-clear', 'unknown', 'retired'] as const;
    const in_ = (one: MediumRecord) => filters.filter((filter) => passes(one, filter, 5));
    expect(in_(medium)).toEqual(['all']);
    expect(in_({ ...medium, loan, approved: null })).toEqual(['all', 'out', 'overdue', 'unknown']);
    expect(isOverdue({ ...loan, overdue: false, dueAt: 9 }, 5)).toBe(false);
    expect(isOverdue({ ...loan, overdue: false, dueAt: 9 }, 10)).toBe(true);
    expect(in_({ ...medium, loan, retiredAt: 1 })).toEqual(['retired']);
    expect(in_({ ...medium, left: { ...medium.left, clear: false } })).toEqual(['all', 'not-clear']);
  });

  test('every typed word is looked for in what people know of it', () => {
    expect(['', 'canon', 'burns 03', 'EOS r6'].map((query) => matches(medium, query))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(matches({ ...medium, loan }, 'weber')).toBe(true);
    expect(matches(medium, 'burns nikon')).toBe(false);
    expect(nameOf({ name: null, label: '', model: null })).toBe('');
    expect(nameOf({ name: 'Camera 2', label: 'x', model: 'y' })).toBe('Camera 2');
  });

  test('a loan is due at the end of its day, and never on a day that is over', () => {
    const now = new Date(2026, 10, 30, 23, 0).getTime();
    expect(inDays(now, 1)).toBe('2026-12-01');
    expect(endOfDay('2026-11-30', now)).toBe(new Date(2026, 10, 30, 23, 59, 59).getTime());
    expect(endOfDay('2026-11-29', now)).toBeNull();
    expect(endOfDay('soon', now)).toBeNull();
  });
});
