import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { codeOf } from '../data/call-error.ts';
import { codeWords } from '../i18n/codes.ts';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { WhoActs } from './who-acts.tsx';
import styles from './note.module.css';

type Tone = 'bad' | 'warn' | 'good' | 'plain';
const ICONS: Record<Tone, IconName> = { bad: 'stop', warn: 'warning', good: 'check', plain: 'help' };

interface NoteProps {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly live?: boolean;
  readonly 'data-testid'?: string;
}

/** One thing to know, by shape, colour and words. */
export function Note({ tone, children, live = false, 'data-testid': testId }: NoteProps): ReactNode {
  return (
    <div className={cx(styles['note'], styles[tone])} role={live ? 'alert' : undefined} data-testid={testId}>
      <Icon name={ICONS[tone]} />
      <div>{children}</div>
    </div>
  );
}

/** What went wrong, in plain words, and a way to try again. */
export function Trouble({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }): ReactNode {
  const say = useWords();
  return (
    <Note tone="bad" live>
      <p>{codeWords(codeOf(error))}</p>
      <WhoActs code={codeOf(error)} />
      {onRetry && (
        <Button icon="again" onClick={onRetry}>
          {say('try-again')}
        </Button>
      )}
    </Note>
  );
}

/** After this long (ms) a wait is no longer quiet: it says so, and what to do. */
const LONG_WAIT = 20_000;

/** An answer on its way: quiet, and silent for the first moments; a long one ends in words and a next step. */
export function Waiting({ label }: { readonly label?: string }): ReactNode {
  const say = useWords();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLong(true), LONG_WAIT);
    return () => window.clearTimeout(timer);
  }, []);
  if (long) {
    return (
      <Note tone="warn" live data-testid="long-wait">
        <p>{say('waiting.long')}</p>
        <WhoActs code="station-silent" />
      </Note>
    );
  }
  return (
    <div className={styles['waiting']} role="status">
      <span className={styles['spinner']} aria-hidden="true" />
      <span>{label ?? say('loading')}</span>
    </div>
  );
}

interface NothingProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}

/** An empty place, with what would fill it. */
export function NothingHere({ icon, title, children }: NothingProps): ReactNode {
  return (
    <div className={styles['nothing']}>
      <Icon name={icon} size={56} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
