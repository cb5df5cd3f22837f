import type { ReactNode } from 'react';
import { useWords } from '../i18n/words.ts';
import styles from './practice-banner.module.css';

/** On every screen of the practice hospital: nobody may take it for the real one. */
export function PracticeBanner(): ReactNode {
  const say = useWords();
  return (
    <div className={styles['banner']} role="note" data-testid="practice-banner">
      <strong>{say('practice.title')}</strong>
      <span>{say('practice.text')}</span>
    </div>
  );
}
