import type { ReactNode } from 'react';
import styles from './screen.module.css';

/** One screen of the window: fills the room under the frame's bar, and scrolls by itself. */
export function Screen({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['screen']}>{children}</div>;
}

interface ScreenHeadProps {
  readonly title: string;
  /** What the screen is for, in a sentence. */
  readonly text?: string;
  /** What can be done here, at the end of the line. */
  readonly children?: ReactNode;
}

/** What a screen is called, what it is for, and what can be done on it. */
export function ScreenHead({ title, text, children }: ScreenHeadProps): ReactNode {
  return (
    <header className={styles['head']}>
      <div className={styles['words']}>
        <h1>{title}</h1>
        {text && <p>{text}</p>}
      </div>
      {children && <div className={styles['actions']}>{children}</div>}
    </header>
  );
}
