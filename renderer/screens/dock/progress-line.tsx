import type { ReactNode } from 'react';
import type { ProgressView } from '../../../shared/contract.ts';
import { term } from '../../i18n/codes.ts';
import { bytesText, durationText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { progressFraction } from './progress-fraction.ts';
import styles from './progress-line.module.css';

/** A long job: count, bytes, speed, time left. */
export function ProgressLine({ progress }: { readonly progress: ProgressView }): ReactNode {
  const say = useWords();
  const fraction = progressFraction(progress);
  const percent = Math.floor(fraction * 100);
  const facts = [
    progress.itemsTotal > 0 && say('progress.items', { done: progress.itemsDone, total: progress.itemsTotal }),
    progress.bytesTotal > 0 &&
      say('progress.bytes', { done: bytesText(progress.bytesDone), total: bytesText(progress.bytesTotal) }),
    progress.bytesPerSecond !== null &&
      progress.bytesPerSecond > 0 &&
      say('progress.speed', { speed: bytesText(progress.bytesPerSecond) }),
    progress.secondsLeft !== null && say('progress.left', { time: durationText(progress.secondsLeft) }),
  ].filter((fact) => fact !== false);
  return (
    <div className={styles['progress']} data-testid="progress">
      <div className={styles['words']}>
        <b>{term('phase', progress.phase)}</b>
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </div>
      <div
        className={styles['track']}
        role="progressbar"
        aria-label={term('phase', progress.phase)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <span className={styles['bar']} style={{ width: `${fraction * 100}%` }} />
      </div>
    </div>
  );
}
