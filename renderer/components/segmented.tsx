import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './segmented.module.css';

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string; readonly testId?: string }[];
}

/** One of a few, side by side. */
export function Segmented<T extends string>({ label, value, onChange, options }: SegmentedProps<T>): ReactNode {
  return (
    <div role="group" aria-label={label} className={styles['group']}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          className={cx(styles['option'], option.value === value && styles['chosen'])}
          data-testid={option.testId}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
