import { describe, expect, it } from 'vitest';
import { ageOf, bytesText, cameraTimeText, dateText, durationText } from '../../renderer/i18n/format.ts';
import { ageBar, urgencyOf } from '../../renderer/screens/review/review-lists.ts';

const now = new Date(2026, 10, 22, 12, 0, 0).getTime();

describe('what people read', () => {
  it('gives the age on the very day', () => {
    expect(ageOf('19721122', now)).toBe('54 years');
    expect(ageOf('1972-11-23', now)).toBe('53 years');
  });

  it('gives small children’s age in months, and none for a date that is not one', () => {
    expect(ageOf('20260522', now)).toBe('6 months');
    expect(ageOf('unknown', now)).toBeNull();
    expect(ageOf('20991231', now)).toBeNull();
  });

  it('never turns a date into another reader’s order', () => {
    expect(dateText('19720314')).toBe('1972-03-14');
  });

  it('shows the camera’s clock as the camera wrote it', () => {
    expect(cameraTimeText('2026-11-22T09:12:30')).toBe('09:12:30');
  });

  it('keeps sizes and durations short', () => {
    expect(bytesText(6_240_000)).toBe('6.2 MB');
    expect(bytesText(999)).toBe('999 B');
    expect(durationText(5.4)).toBe('5 s');
    expect(durationText(4800)).toBe('1 h 20 min');
  });

  it('presses after four hours and calls late after a day', () => {
    expect(urgencyOf(now - 3 * 3_600_000, now)).toBe('fresh');
    expect(urgencyOf(now - 4 * 3_600_000, now)).toBe('due');
    expect(urgencyOf(now - 24 * 3_600_000, now)).toBe('late');
    expect(ageBar(now - 3_600_000, now)).toBeLessThan(ageBar(now - 86_400_000, now));
  });
});
