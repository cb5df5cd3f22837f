import { useId } from 'react';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';
import styles from './reason-field.module.css';

/** The bounds of a reason in words: the same as those of the contract. */
const SHORTEST = 3;
const LONGEST = 500;

/** True when this may be said as a reason. */
export const isReason = (text: string): boolean => text.trim().length >= SHORTEST && text.trim().length <= LONGEST;

interface ReasonFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Usual reasons, chosen by one touch: gloves do not type well. */
  readonly usual: readonly string[];
}

/** Why, in a person's own words, or in one of the usual ones. */
export function ReasonField({ label, hint, value, onChange, usual }: ReasonFieldProps): ReactNode {
  const say = useWords();
  const id = useId();
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <div className={styles['usual']} role="group" aria-label={say('hold.usual')}>
        {usual.map((one) => (
          <Button key={one} aria-pressed={value === one} onClick={() => onChange(one)}>
            {one}
          </Button>
        ))}
      </div>
      <textarea
        id={id}
        rows={3}
        maxLength={LONGEST}
        value={value}
        aria-describedby={`${id}-hint`}
        data-testid="reason"
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-hint`}>{hint}</p>
    </div>
  );
}
