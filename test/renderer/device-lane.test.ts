import { describe, expect, it } from 'vitest';
import type { DockingView } from '../../shared/contract.ts';
import { deviceProblem } from '../../renderer/screens/dock/device-problem.ts';
import { laneState } from '../../renderer/screens/dock/lane-state.ts';
import { words } from '../../renderer/i18n/words.ts';
import { sealedCard } from './docking-view.ts';

const phone: DockingView = {
  ...sealedCard,
  medium: { ...sealedCard.medium, kind: 'phone', label: 'Pixel 9', maker: 'Google', model: 'Pixel 9', serial: '1234' },
};
const nothing = { ...phone.equation, listed: 0, unfiled: 0 };

function told(change: Partial<DockingView>): { word: string; below: string; look: string } {
  const state = laneState({ ...phone, ...change });
  return { word: words(state.word, state.values), below: words(state.below, state.values), look: state.look };
}

describe('the lane of a device', () => {
  it('says what a person has to do before the device can be read, and that the station then goes on', () => {
    const locked = told({ state: 'failed', equation: nothing, problem: 'phone-locked-or-charging' });
    expect(locked).toMatchObject({ word: 'Unlock\nthe phone', look: 'trouble' });
    expect(locked.below).toContain('goes on by itself');
    expect(told({ state: 'failed', equation: nothing, problem: 'phone-not-trusted' }).word).toContain('Trust');
    expect(told({ state: 'failed', equation: nothing, problem: 'device-held' }).word).toContain('Another program');
  });

  it('has steps and a drawing for each such state, and every step has words', () => {
    for (const code of [
      'phone-locked-or-charging',
      'phone-not-trusted',
      'device-held',
      'device-timeout',
      'device-io',
    ]) {
      const steps = deviceProblem(code)?.steps.map((step) => words(step)) ?? [];
      expect(steps.length, code).toBeGreaterThan(1);
    }
    expect(deviceProblem('station-disk-full')).toBeNull();
    expect(deviceProblem('constructor')).toBeNull();
  });

  it('never asks to mend what is not plugged in any more', () => {
    const gone = told({ connected: false, state: 'unplugged-early', problem: 'device-timeout' });
    expect(gone.word).toBe('Unplugged too early');
  });

  it('says of a personal phone that it is only read', () => {
    expect(told({ keptWhole: 'personal-phone' }).below).toBe('Personal phone: only read. Nothing is erased from it.');
  });

  it('promises no more of an erasure than a device can prove', () => {
    const absent = { present: 0, absent: 3, kept: 0, eraseUnverified: 0 };
    const clear = (kind: 'phone' | 'camera' | 'card') =>
      told({ state: 'clear', onMedium: absent, medium: { ...phone.medium, kind } }).below;
    expect(clear('phone')).toContain('deletion of 3 files was requested, and a new session lists none');
    expect(clear('camera')).toContain('deleted on the camera and no longer listed in a new session');
    expect(clear('card')).toContain('deleted and checked absent');
  });

  it('waits for a lead where unknown media need one', () => {
    expect(told({ awaitsApproval: true, state: 'listing', equation: nothing }).word).toContain('waits for a lead');
  });
});
