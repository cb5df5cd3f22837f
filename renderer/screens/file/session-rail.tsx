import type { ReactNode } from 'react';
import type { DockingView } from '../../../shared/contract.ts';
import { cx } from '../../components/cx.ts';
import { Icon } from '../../components/icon.tsx';
import { Picture } from '../../components/picture.tsx';
import { mediumName } from '../../components/medium-name.ts';
import { cameraTimeText, dateText, shortWhenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import type { Session } from './sessions.ts';
import { useNow } from '../../data/use-now.ts';
import styles from './session-rail.module.css';

interface SessionRailProps {
  readonly docking: DockingView;
  readonly dockings: readonly DockingView[];
  readonly sessions: readonly Session[];
  readonly session: number | null;
  readonly onSession: (number: number | null) => void;
  readonly onDocking: (id: string) => void;
}

/** Which docking, and its sessions with what is still to be filed. */
export function SessionRail(props: SessionRailProps): ReactNode {
  const say = useWords();
  const now = useNow();
  const { docking, sessions, session, onSession } = props;
  const unfiled = sessions.reduce((sum, one) => sum + one.unfiled, 0);
  const severalDays = new Set(sessions.map((one) => one.from?.slice(0, 10) ?? '')).size > 1;
  const total = sessions.reduce((sum, one) => sum + one.total, 0);
  return (
    <aside className={styles['rail']} aria-label={say('file.sessions')}>
      <label className={styles['docking']}>
        <span>{say('file.docking')}</span>
        <select
          value={docking.id}
          data-testid="docking-choice"
          onChange={(event) => props.onDocking(event.target.value)}
        >
          {props.dockings.map((one) => (
            <option key={one.id} value={one.id}>
              {say('file.docking.option', {
                label: mediumName(one.medium),
                at: shortWhenText(one.startedAt, now),
                n: one.equation.unfiled - one.undecided,
              })}
            </option>
          ))}
        </select>
      </label>
      <ul className={styles['sessions']}>
        <li>
          <button
            type="button"
            className={cx(styles['session'], session === null && styles['chosen'])}
            aria-pressed={session === null}
            data-testid="session-all"
            onClick={() => onSession(null)}
          >
            <span className={styles['all']}>
              <Icon name="picture" size={28} />
            </span>
            <span className={styles['words']}>
              <b>{say('file.session.all')}</b>
              <Count unfiled={unfiled} total={total} />
            </span>
          </button>
        </li>
        {sessions.length > 1 &&
          sessions.map((one) => (
            <li key={one.number}>
              <button
                type="button"
                className={cx(styles['session'], session === one.number && styles['chosen'])}
                aria-pressed={session === one.number}
                data-testid="session"
                data-session={one.number}
                onClick={() => onSession(one.number)}
              >
                <Picture capture={one.first} className={styles['thumb']} />
                <span className={styles['words']}>
                  <b>{say('file.session', { n: one.number })}</b>
                  <small>
                    {severalDays && one.from && <span>{dateText(one.from)} </span>}
                    {timesOf(one)}
                  </small>
                  <Count unfiled={one.unfiled} total={one.total} />
                </span>
              </button>
            </li>
          ))}
      </ul>
    </aside>
  );
}

function Count({ unfiled, total }: { readonly unfiled: number; readonly total: number }): ReactNode {
  const say = useWords();
  if (total > 0 && unfiled === 0) {
    return (
      <span className={styles['done']}>
        <Icon name="check" size={16} /> {say('file.session.done', { n: total })}
      </span>
    );
  }
  return <span className={styles['open']}>{say('file.session.open', { unfiled, total })}</span>;
}

function timesOf(session: Session): string {
  if (!session.from || !session.to) return '';
  const from = cameraTimeText(session.from).slice(0, 5);
  const to = cameraTimeText(session.to).slice(0, 5);
  return from === to ? from : `${from}–${to}`;
}
