import type { ReactNode } from 'react';
import type { PeerHealth } from '../../shared/contract.ts';
import { cx } from '../components/cx.ts';
import { codeWords, term } from '../i18n/codes.ts';
import { whoActs } from '../i18n/who-acts.ts';
import { whenText } from '../i18n/format.ts';
import { useWords } from '../i18n/words.ts';
import styles from './peer-dot.module.css';

interface PeerDotProps {
  readonly what: 'archive' | 'worklist';
  readonly peer: PeerHealth;
}

/** Whether a peer answers: a full dot, a broken diamond or a ring, with its word. */
export function PeerDot({ what, peer }: PeerDotProps): ReactNode {
  const say = useWords();
  const title = [
    peer.name,
    peer.code && codeWords(peer.code),
    peer.code && `${whoActs(peer.code).who}: ${whoActs(peer.code).next}`,
    peer.checkedAt && say('peer.checked', { at: whenText(peer.checkedAt) }),
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <span className={styles['peer']} title={title} data-testid={`peer-${what}`} data-state={peer.state}>
      <span
        className={cx(styles['dot'], styles[peer.state === 'not-configured' ? 'notConfigured' : peer.state])}
        aria-hidden="true"
      />
      <span className={styles['words']}>
        <b>{term('peer', what)}</b>
        <small className={peer.state === 'unreachable' ? styles['badWord'] : undefined}>
          {term('peer.state', peer.state)}
        </small>
      </span>
    </span>
  );
}
