import type { ReactNode } from 'react';
import styles from './switch.module.css';

interface SwitchProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: ReactNode;
  readonly 'data-testid'?: string;
}

/** Something that goes on until it is switched off. */
export function Switch({ on, onChange, children, 'data-testid': testId }: SwitchProps): ReactNode {
  return (
    <label className={styles['switch']}>
      <input
        type="checkbox"
        role="switch"
        checked={on}
        aria-checked={on}
        data-testid={testId}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className={styles['track']} aria-hidden="true">
        <span className={styles['knob']} />
      </span>
      <span>{children}</span>
    </label>
  );
}
