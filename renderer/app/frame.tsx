import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Keys } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import type { IconName } from '../components/icon.tsx';
import { connection } from '../data/live.ts';
import { useAct, useCall } from '../data/use-call.ts';
import { forgetPerson } from '../data/query.ts';
import { term } from '../i18n/codes.ts';
import { useWords } from '../i18n/words.ts';
import type { MessageId } from '../i18n/words.ts';
import { KeyMap } from './key-map.tsx';
import { LostStation } from './lost-station.tsx';
import { PeerDot } from './peer-dot.tsx';
import { StatusLine } from './status-line.tsx';
import { isDark, toggleTheme } from './theme.ts';
import styles from './frame.module.css';

interface Place {
  readonly to: '/' | '/file' | '/capture' | '/review' | '/media' | '/people' | '/audit';
  readonly id: string;
  readonly label: MessageId;
  readonly icon: IconName;
  readonly needs: string;
}

const PLACES: readonly Place[] = [
  { to: '/', id: 'dock', label: 'nav.dock', icon: 'dock', needs: 'see' },
  { to: '/file', id: 'file', label: 'nav.file', icon: 'picture', needs: 'file' },
  { to: '/capture', id: 'capture', label: 'nav.capture', icon: 'dermatoscope', needs: 'capture' },
  { to: '/review', id: 'review', label: 'nav.review', icon: 'review', needs: 'review' },
  { to: '/media', id: 'media', label: 'nav.media', icon: 'media', needs: 'see' },
  { to: '/people', id: 'people', label: 'nav.people', icon: 'people', needs: 'administer' },
  { to: '/audit', id: 'audit', label: 'nav.audit', icon: 'audit', needs: 'audit' },
];

/** Around every screen: where one is, where one can go, who is signed in, and whether archive and worklist answer. */
export function Frame(): ReactNode {
  const say = useWords();
  const session = useCall('session.current', {});
  const info = useCall('station.info', {}, { every: 5000 });
  const reconnecting = connection.use() === 'reconnecting';
  const [keysShown, setKeysShown] = useState(false);
  const [dark, setDark] = useState(isDark);
  const lock = useAct('session.lock');
  const signOut = useAct('session.signOut');
  const navigate = useNavigate();
  const may = session.data?.may ?? [];
  const places = PLACES.filter((place) => may.includes(place.needs));
  const person = session.data?.person;

  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key === 'F1') {
        event.preventDefault();
        setKeysShown((shown) => !shown);
      } else if ((event.ctrlKey || event.metaKey) && !event.altKey && event.code === 'KeyL') {
        event.preventDefault();
        lock.mutate({}, { onSettled: forgetPerson });
      } else if (event.altKey && !event.ctrlKey && /^Digit[1-9]$/.test(event.code)) {
        const place = places[Number(event.code.slice(5)) - 1];
        if (!place) return;
        event.preventDefault();
        void navigate({ to: place.to });
      }
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  return (
    <div className={styles['frame']}>
      <header className={styles['bar']}>
        <div className={styles['station']}>
          <strong>{info.data?.stationName ?? session.data?.stationName}</strong>
          <span>{info.data?.department ?? session.data?.department}</span>
        </div>
        <nav className={styles['places']} aria-label={say('nav.label')}>
          {places.map((place, index) => (
            <Link
              key={place.id}
              to={place.to}
              activeOptions={{ exact: true, includeSearch: false }}
              className={styles['place']}
              data-testid={`nav-${place.id}`}
              aria-keyshortcuts={`Alt+${index + 1}`}
              title={`Alt+${index + 1}`}
            >
              <Icon name={place.icon} />
              <span>{say(place.label)}</span>
            </Link>
          ))}
        </nav>
        <div className={styles['peers']}>
          {info.data && <PeerDot what="archive" peer={info.data.archive} />}
          {info.data && <PeerDot what="worklist" peer={info.data.worklist} />}
        </div>
        <div className={styles['person']}>
          <span className={styles['who']}>
            <b>{person?.displayName}</b>
            <small>{person && term('role', person.role)}</small>
          </span>
          <button
            type="button"
            className={styles['tool']}
            aria-label={say(dark ? 'theme.light' : 'theme.dark')}
            title={say(dark ? 'theme.light' : 'theme.dark')}
            onClick={() => setDark(toggleTheme())}
          >
            <Icon name={dark ? 'sun' : 'moon'} />
          </button>
          <button
            type="button"
            className={styles['tool']}
            aria-label={say('keys.show')}
            title={`${say('keys.show')} (F1)`}
            onClick={() => setKeysShown(true)}
          >
            <Icon name="help" />
          </button>
          <button
            type="button"
            className={styles['worded']}
            title="Ctrl+L"
            data-testid="lock"
            onClick={() => lock.mutate({}, { onSettled: forgetPerson })}
          >
            <Icon name="lock" />
            <span>{say('lock')}</span>
          </button>
          <button
            type="button"
            className={styles['tool']}
            aria-label={say('sign-out')}
            title={say('sign-out')}
            data-testid="sign-out"
            onClick={() => signOut.mutate({}, { onSettled: forgetPerson })}
          >
            <Icon name="leave" />
          </button>
        </div>
      </header>
      {reconnecting && (
        <div className={styles['offline']} role="alert" data-testid="reconnecting">
          <Icon name="again" />
          <LostStation />
        </div>
      )}
      <main className={styles['screen']}>
        <Outlet />
      </main>
      <footer className={styles['foot']}>
        <StatusLine />
        <span className={styles['hint']}>
          <Keys>F1</Keys> {say('keys.show')}
        </span>
      </footer>
      {keysShown && <KeyMap onClose={() => setKeysShown(false)} />}
    </div>
  );
}
