import { useEffect, useEffectEvent, useRef } from 'react';
import { SCAN_GAP, ScanDetector } from './scan-detector.ts';

export type FilingKey = 'patient' | 'region' | 'side' | 'view' | 'burned' | 'recognizable' | 'repeat';

const KEYS: Readonly<Record<string, FilingKey>> = {
  KeyP: 'patient',
  KeyR: 'region',
  KeyS: 'side',
  KeyV: 'view',
  KeyB: 'burned',
  KeyF: 'recognizable',
};
const SIDE_KEYS: Readonly<Record<string, 'R' | 'L' | 'B' | 'U'>> = { KeyR: 'R', KeyL: 'L', KeyB: 'B', KeyU: 'U' };

interface Handlers {
  readonly onKey: (key: FilingKey) => void;
  readonly onSide: (side: 'R' | 'L' | 'B' | 'U') => void;
  readonly onFile: () => void;
  readonly onSelectAll: () => void;
  /** A wristband was scanned. `field` is the text field that caught its characters, if one had the focus. */
  readonly onScan: (code: string, field: HTMLInputElement | null) => void;
}

/**
 * The keys of the File screen. One-letter commands wait a moment, because a scanner types letters too; inside a text field
 * they need Alt. Nothing that a person types is swallowed; only the Enter that ends a scan is.
 */
export function useFilingKeys(handlers: Handlers): void {
  const detector = useRef(new ScanDetector());
  const pending = useRef<number | undefined>(undefined);

  function later(act: () => void): void {
    pending.current = window.setTimeout(act, SCAN_GAP + 10);
  }

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    window.clearTimeout(pending.current);
    if (event.repeat || document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
    const field = textField(event.target);
    // A scanner types plain characters; a shortcut is never part of a code.
    const isShortcut = event.ctrlKey || event.metaKey || event.altKey;
    const code = isShortcut ? null : detector.current.press(event.key, event.timeStamp);
    if (code !== null) {
      event.preventDefault();
      event.stopPropagation();
      handlers.onScan(code, field);
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      handlers.onFile();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.code === 'KeyA' && !field) {
      event.preventDefault();
      event.stopPropagation();
      handlers.onSelectAll();
      return;
    }
    if (event.ctrlKey || event.metaKey || detector.current.inBurst) return;
    if (field && !event.altKey) return;
    const inSides = event.target instanceof Element && event.target.closest('[data-side-group]') !== null;
    const side = inSides && !event.altKey ? SIDE_KEYS[event.code] : undefined;
    if (side) later(() => handlers.onSide(side));
    else if (event.key === '=' && !event.altKey) later(() => handlers.onKey('repeat'));
    else {
      const key = KEYS[event.code];
      if (!key) return;
      if (event.altKey) event.preventDefault();
      later(() => handlers.onKey(key));
    }
  });

  useEffect(() => {
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      window.clearTimeout(pending.current);
      window.removeEventListener('keydown', onKeyDown, { capture: true });
    };
  }, []);
}

function textField(target: EventTarget | null): HTMLInputElement | null {
  if (!(target instanceof HTMLInputElement)) return null;
  return ['radio', 'checkbox', 'button'].includes(target.type) ? null : target;
}

/** Takes the characters of a scan out of the field that caught them, as if they had never been typed there. */
export function withoutScan(value: string, code: string): string {
  return value.endsWith(code) ? value.slice(0, -code.length) : value;
}
