import { useEffect, useRef, useState } from 'react';
import { useButton } from '../../data/use-button.ts';

/** A button shines this long after it was pressed (ms). */
const LIT_FOR = 2500;

/** The ids of the buttons that were pressed just now. */
export function useLit(): ReadonlySet<string> {
  const [lit, setLit] = useState<ReadonlySet<string>>(new Set());
  const timers = useRef(new Map<string, number>());
  useButton('capture', ({ buttonId }) => {
    setLit((before) => new Set(before).add(buttonId));
    window.clearTimeout(timers.current.get(buttonId));
    const off = () => setLit((before) => new Set([...before].filter((id) => id !== buttonId)));
    timers.current.set(buttonId, window.setTimeout(off, LIT_FOR));
  });
  useEffect(() => {
    const all = timers.current;
    return () => {
      for (const timer of all.values()) window.clearTimeout(timer);
    };
  }, []);
  return lit;
}
