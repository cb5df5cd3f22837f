import type { ReactNode } from 'react';
import type { LiveView } from '../../../shared/contract.ts';
import { useWords } from '../../i18n/words.ts';
import { cx } from '../cx.ts';
import { Icon } from '../icon.tsx';
import { clockText, exposureParts } from './exposure-words.ts';
import styles from './exposure-line.module.css';

/** How the camera is set, as photographers read it. What differs is told by its shape, its colour and in words. */
export function ExposureLine({ live }: { readonly live: LiveView }): ReactNode {
  const say = useWords();
  const parts = exposureParts(live);
  const clock = clockText(live.clockOffsetMs);
  return (
    <div className={styles['line']} aria-live="polite" data-testid="exposure">
      {parts.length === 0 ? (
        <span className={styles['soft']}>{say('exposure.unknown')}</span>
      ) : (
        <ul aria-label={say('exposure.label')}>
          {parts.map((part) => (
            <li
              key={part.field}
              className={cx(part.should !== null && styles['differs'])}
              data-testid={`exposure-${part.field}`}
              data-differs={part.should !== null}
            >
              {part.should !== null && <Icon name="warning" size={18} />}
              <b>{part.should === null ? part.text : `${part.text},`}</b>
              {part.should !== null && <span>{part.should}</span>}
            </li>
          ))}
        </ul>
      )}
      {clock !== null && (
        <span className={styles['clock']} data-testid="clock-offset">
          <Icon name="clock" size={18} /> {clock}
        </span>
      )}
    </div>
  );
}
