import type { ReactNode } from 'react';
import type { TeachingView } from '../../../shared/contract.ts';
import { cx } from '../../components/cx.ts';
import styles from './pedal-picture.module.css';

/** A foot pedal from the side, and what the foot is to do with it now. Beside words: it never carries the meaning alone. */
export function PedalPicture({ step }: { readonly step: TeachingView['step'] }): ReactNode {
  const isDown = step === 'press' || step === 'once';
  const isFound = step === 'proposed';
  return (
    <svg viewBox="0 0 240 150" className={cx(styles['picture'], isFound && styles['found'])} aria-hidden="true">
      <path d="M18 134h204" className={styles['floor']} />
      <path d="M36 134v-12a6 6 0 0 1 6-6h150a6 6 0 0 1 6 6v12z" className={styles['body']} />
      <path d="M198 126h14a10 10 0 0 0 10-10V92" className={styles['cable']} />
      <g className={cx(styles['plate'], isDown && styles['pressed'])}>
        <path d="M48 112 60 92h110l14 20z" className={styles['tread']} />
        <path d="M76 97v10M96 97v10M116 97v10M136 97v10M156 97v10" className={styles['grip']} />
      </g>
      {isFound ? (
        <path d="M92 48l20 20 40-42" className={styles['check']} />
      ) : (
        <g className={cx(styles['foot'], isDown ? styles['push'] : styles['away'])}>
          <path d="M70 84c0-4 3-6 7-6h48c6 0 9-5 10-12l3-34h34l2 40c1 8-1 12-8 12z" className={styles['shoe']} />
          {isDown && <path d="M104 18v38m0 0-9-10m9 10 9-10" className={styles['arrow']} />}
        </g>
      )}
    </svg>
  );
}
