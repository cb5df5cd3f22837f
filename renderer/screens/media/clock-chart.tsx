import type { ReactNode } from 'react';
import type { ClockReading } from '../../../shared/contract/media.ts';
import { whenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { clockWords, isOff } from './clock-words.ts';
import styles from './media.module.css';

const HEIGHT = 56;
const STEP = 26;

/** A device's clock at its last dockings, the oldest left: bars above the line are fast, below it slow. The words say the same. */
export function ClockChart({ readings }: { readonly readings: readonly ClockReading[] }): ReactNode {
  const say = useWords();
  const oldestFirst = readings.toReversed();
  const most = Math.max(1000, ...readings.map((reading) => Math.abs(reading.offsetMs)));
  const last = readings[0];
  if (!last) return <p className={styles['soft']}>{say('media.clock.none')}</p>;
  return (
    <figure className={styles['chart']}>
      <svg
        width={oldestFirst.length * STEP}
        height={HEIGHT}
        viewBox={`0 0 ${oldestFirst.length * STEP} ${HEIGHT}`}
        role="img"
        aria-label={oldestFirst.map((one) => `${whenText(one.at)}: ${clockWords(one.offsetMs)}`).join('; ')}
      >
        {oldestFirst.map((one, index) => {
          const size = Math.max(1, (Math.abs(one.offsetMs) / most) * (HEIGHT / 2 - 2));
          return (
            <rect
              key={one.at}
              x={index * STEP + 4}
              y={one.offsetMs > 0 ? HEIGHT / 2 - size : HEIGHT / 2}
              width={STEP - 8}
              height={size}
              className={isOff(one.offsetMs) ? styles['barOff'] : styles['barRight']}
            >
              <title>{`${whenText(one.at)}: ${clockWords(one.offsetMs)}`}</title>
            </rect>
          );
        })}
        <line x1="0" x2="100%" y1={HEIGHT / 2} y2={HEIGHT / 2} className={styles['axis']} />
      </svg>
      <figcaption>
        <b>{clockWords(last.offsetMs)}</b> <small>{say('media.clock.at', { at: whenText(last.at) })}</small>
      </figcaption>
    </figure>
  );
}
