import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Note } from '../../components/note.tsx';
import { WhoActs } from '../../components/who-acts.tsx';
import { codeOf } from '../../data/call-error.ts';
import { connection } from '../../data/live.ts';
import { useAct } from '../../data/use-call.ts';
import type { Session } from '../../data/use-session.ts';
import { codeWords, term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import { LostStation } from '../../app/lost-station.tsx';
import { FirstLead } from './first-lead.tsx';
import { focusOnMount } from '../../components/focus-on-mount.ts';
import styles from './sign-in.module.css';

/** The locked station: who are you? In the practice hospital everybody's password is on the screen. */
export function SignIn({ session }: { readonly session: Session }): ReactNode {
  const say = useWords();
  const reconnecting = connection.use() === 'reconnecting';
  return (
    <main className={styles['page']}>
      <div className={styles['panel']}>
        <header className={styles['head']}>
          <Mark />
          <div>
            <h1>{session.stationName}</h1>
            <p>{session.department}</p>
          </div>
        </header>
        {reconnecting && (
          <Note tone="warn" live>
            <LostStation />
          </Note>
        )}
        {session.store === 'empty' ? <FirstLead /> : <Known session={session} />}
        <footer className={styles['foot']}>{say('sign-in.version', { version: session.version })}</footer>
      </div>
    </main>
  );
}

function Known({ session }: { readonly session: Session }): ReactNode {
  const say = useWords();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useAct('session.signIn');
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (login.trim() === '' || password === '') return;
    signIn.mutate({ login: login.trim().toLowerCase(), password }, { onSettled: () => setPassword('') });
  }
  return (
    <>
      {session.store === 'locked' && (
        <p className={styles['locked']}>
          <Icon name="lock" /> {say('sign-in.locked')}
        </p>
      )}
      {session.practicePeople.length > 0 && (
        <section className={styles['people']} aria-label={say('practice.people')}>
          <h2>{say('practice.people')}</h2>
          {session.practicePeople.map((person) => (
            <button
              key={person.login}
              type="button"
              className={styles['someone']}
              disabled={signIn.isPending}
              data-testid={`practice-person-${person.login}`}
              onClick={() => signIn.mutate({ login: person.login, password: person.password })}
            >
              <Icon name="person" size={28} />
              <span className={styles['role']}>{term('role', person.role)}</span>
              <span className={styles['secret']}>
                {say('practice.login', { login: person.login, password: person.password })}
              </span>
              <Icon name="next" />
            </button>
          ))}
        </section>
      )}
      <form className={styles['form']} onSubmit={submit}>
        {session.practicePeople.length > 0 && <h2>{say('sign-in.or')}</h2>}
        <Field
          label={say('sign-in.login')}
          value={login}
          onChange={setLogin}
          autoComplete="off"
          ref={focusOnMount}
          data-testid="sign-in-login"
        />
        <Field
          label={say('sign-in.password')}
          value={password}
          onChange={setPassword}
          type="password"
          autoComplete="off"
          data-testid="sign-in-password"
        />
        {signIn.isError && (
          <Note tone="bad" live data-testid="sign-in-error">
            {codeWords(codeOf(signIn.error))}
            <WhoActs code={codeOf(signIn.error)} />
          </Note>
        )}
        <Button look="primary" big submit busy={signIn.isPending} data-testid="sign-in-submit">
          {say('sign-in.go')}
        </Button>
      </form>
    </>
  );
}

/** A card in its slot. */
export function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 64 64" width="56" height="56" aria-hidden="true">
      <rect width="64" height="64" rx="14" fill="var(--accent)" />
      <path d="M22 12h15l7 7v21H22z" fill="var(--on-accent)" />
      <path d="M27 17v6M32 17v6M37 20v3" stroke="var(--accent)" strokeWidth="2.6" strokeLinecap="round" />
      <path
        d="M13 34v16h38V34"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M28 33.5l4 4 7-8"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
