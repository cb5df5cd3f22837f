import type { ReactNode } from 'react';
import { cx } from '../components/cx.ts';
import { Icon } from '../components/icon.tsx';
import { said } from '../data/live.ts';
import { clockText } from '../i18n/format.ts';
import styles from './status-line.module.css';

/** The last thing done, in one line; screen readers hear it. It stays until the next one: nothing vanishes unread. */
export function StatusLine(): ReactNode {
  const last = said.use();
  return (
    <div className={styles['line']} role="status" aria-live="polite" data-testid="status-line">
      {last && (
        <span key={last.at} className={cx(styles['said'], styles[last.tone])}>
          <Icon name={last.tone === 'good' ? 'check' : last.tone === 'bad' ? 'stop' : 'clock'} size={18} />
          <time>{clockText(last.at)}</time>
          <span>{last.text}</span>
        </span>
      )}
    </div>
  );
}
