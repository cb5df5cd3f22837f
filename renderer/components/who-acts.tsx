import type { ReactNode } from 'react';
import { useWords } from '../i18n/words.ts';
import { whoActs } from '../i18n/who-acts.ts';
import styles from './who-acts.module.css';

/** Whose turn it is, and what they do next: under the words of every code. */
export function WhoActs({ code }: { readonly code: string }): ReactNode {
  useWords();
  const { owner, who, next } = whoActs(code);
  return (
    <span className={styles['acts']} data-testid="who-acts" data-owner={owner}>
      <b className={styles['who']}>{who}</b> {next}
    </span>
  );
}
