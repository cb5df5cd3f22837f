import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Keys } from './button.tsx';
import styles from './field.module.css';

interface FieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly problem?: string | null;
  readonly keys?: string;
  readonly 'data-testid'?: string;
}

/** A text field with its name above, a hint below, and its problem in words. */
export function Field({ label, value, onChange, hint, problem, keys, className, ...input }: FieldProps): ReactNode {
  const id = useId();
  const below = problem ?? hint;
  return (
    <div className={cx(styles['field'], className)}>
      <label htmlFor={id} className={styles['label']}>
        {label} {keys && <Keys>{keys}</Keys>}
      </label>
      <input
        {...input}
        id={id}
        className={styles['input']}
        value={value}
        spellCheck={false}
        aria-invalid={problem ? true : undefined}
        aria-describedby={below ? `${id}-below` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {below && (
        <p id={`${id}-below`} className={problem ? styles['problem'] : styles['hint']}>
          {below}
        </p>
      )}
    </div>
  );
}
