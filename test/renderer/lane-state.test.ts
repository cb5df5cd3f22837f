import { describe, expect, it } from 'vitest';
import type { DockingView } from '../../shared/contract.ts';
import { hasLane, laneState } from '../../renderer/screens/dock/lane-state.ts';
import { pastState } from '../../renderer/screens/dock/past-state.ts';
import { nextSession, sessionsOf } from '../../renderer/screens/file/sessions.ts';
import { words } from '../../renderer/i18n/words.ts';
import { sealedCard as docking } from './docking-view.ts';

function below(change: Partial<DockingView>): string {
  const state = laneState({ ...docking, ...change });
  return words(state.below, state.values);
}

describe('a lane', () => {
  it('says that nothing was erased only while that is true', () => {
    expect(below({})).toBe('Nothing has been erased.');
    expect(below({ onMedium: { present: 1, absent: 2, kept: 0, eraseUnverified: 0 } })).toBe(
      '2 files erased, 1 still on it.',
    );
  });

  it('of a live camera claims no erasing: nothing was ever stored on it', () => {
    const medium = { ...docking.medium, kind: 'dermatoscope' as const };
    const clear = { medium, state: 'clear' as const, onMedium: { present: 0, absent: 3, kept: 0, eraseUnverified: 0 } };
    expect(below(clear)).toBe('Nothing is stored on the device. 3 pictures are sealed here.');
  });

  it('does not hide what was deleted and not checked absent', () => {
    expect(below({ onMedium: { present: 2, absent: 0, kept: 0, eraseUnverified: 1 } })).toContain(
      'not be checked absent',
    );
  });

  it('never tells a nurse to unplug and forget a card that did not give up everything', () => {
    const { equation } = docking;
    for (const change of [{ notListed: 1 }, { equation: { ...equation, unreadable: 1 } }]) {
      expect(laneState({ ...docking, ...change })).toMatchObject({ look: 'trouble', word: 'lane.incomplete' });
      expect(below(change)).toContain('Do not format it');
    }
    expect(laneState(docking)).toMatchObject({ look: 'safe', word: 'lane.sealed' });
  });

  it('that is over is not called settled while something on it was never read', () => {
    const equation = { ...docking.equation, unfiled: 0, confirmed: 2, unreadable: 1 };
    expect(pastState({ ...docking, equation })).toMatchObject({ look: 'warn', word: 'past.unread', count: 1 });
    const settled = { ...docking, equation: { ...equation, unreadable: 0, confirmed: 3 } };
    expect(pastState(settled)).toMatchObject({ word: 'past.settled' });
    expect(pastState({ ...settled, notListed: 2 })).toMatchObject({ word: 'past.unread', count: 2 });
  });

  it('stays for a card pulled too early until that card is docked again', () => {
    const early: DockingView = { ...docking, connected: false, state: 'unplugged-early' };
    expect(hasLane(early, [early])).toBe(true);
    expect(hasLane(early, [early, { ...docking, id: 'docking-2', startedAt: 2000 }])).toBe(false);
    expect(hasLane({ ...docking, connected: false }, [])).toBe(false);
  });
});

describe('sessions', () => {
  it('lead on to the next one that still has something to file', () => {
    const sessions = [1, 2, 3].map((number) => ({ number, unfiled: number === 2 ? 0 : 1 })) as never;
    expect(nextSession(sessions, 1)).toBe(3);
    expect(nextSession(sessions, 3)).toBe(1);
    expect(sessionsOf([])).toEqual([]);
  });
});
