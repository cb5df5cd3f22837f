import { useId } from 'react';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/words.ts';
import { Keys } from './button.tsx';
import { cx } from './cx.ts';
import styles from './yes-no.module.css';

interface YesNoProps {
  readonly label: string;
  readonly keys: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
  readonly testId: string;
}

/** A statement that must be made: yes or no, both in sight. */
export function YesNo({ label, keys, value, onChange, testId }: YesNoProps): ReactNode {
  const say = useWords();
  const id = useId();
  return (
    <div role="radiogroup" aria-labelledby={id} className={styles['row']}>
      <span id={id} className={styles['label']}>
        {label} <Keys>{keys}</Keys>
      </span>
      <span className={styles['choices']}>
        {[false, true].map((answer) => (
          <label
            key={String(answer)}
            className={cx(styles['choice'], value === answer && styles['chosen'], answer && value && styles['yes'])}
            data-testid={`${testId}-${answer ? 'yes' : 'no'}`}
          >
            <input type="radio" name={id} checked={value === answer} onChange={() => onChange(answer)} />
            {say(answer ? 'yes' : 'no')}
          </label>
        ))}
      </span>
    </div>
  );
}
