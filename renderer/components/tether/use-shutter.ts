import { useEffect, useEffectEvent } from 'react';
import { say as tell } from '../../data/live.ts';
import { useAct } from '../../data/use-call.ts';
import { useButton } from '../../data/use-button.ts';
import { words } from '../../i18n/words.ts';
import { tellTrouble } from '../tell-trouble.ts';

/** A scanner that types sends its characters faster than this (ms): then the letter was part of a code and no command. */
const SCAN_GAP = 60;

interface Shutter {
  readonly release: () => void;
  readonly busy: boolean;
}

/**
 * Releases the shutter of a docked camera: by its button, by the key C, or by a taught pedal.
 * @param enabled also by key and pedal, which mean this one camera
 */
export function useShutter(dockingId: string, enabled: boolean): Shutter {
  const act = useAct('dock.shutter');

  function release(): void {
    if (act.isPending) return;
    act.mutate(
      { dockingId },
      {
        onSuccess: () => tell(words('tether.released'), 'good'),
        onError: tellTrouble,
      },
    );
  }

  useButton('capture', release, { enabled });
  const onRelease = useEffectEvent(release);
  useEffect(() => {
    if (!enabled) return undefined;
    let pending: number | undefined;
    let pressedAt = 0;
    function onKeyDown(event: KeyboardEvent): void {
      const inBurst = event.timeStamp - pressedAt < SCAN_GAP;
      pressedAt = event.timeStamp;
      window.clearTimeout(pending);
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
      if (event.code !== 'KeyC' || !plain || inBurst || isTyping(event.target) || isDialogOpen()) return;
      pending = window.setTimeout(() => onRelease(), SCAN_GAP);
    }
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      window.clearTimeout(pending);
      window.removeEventListener('keydown', onKeyDown, { capture: true });
    };
  }, [enabled]);

  return { release, busy: act.isPending };
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['radio', 'checkbox', 'button'].includes(target.type);
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}
