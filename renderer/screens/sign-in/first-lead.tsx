import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Note } from '../../components/note.tsx';
import { codeOf } from '../../data/call-error.ts';
import { useAct } from '../../data/use-call.ts';
import { codeWords } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import { loginProblem, passwordProblem } from '../admin/person-rules.ts';
import { focusOnMount } from '../../components/focus-on-mount.ts';
import styles from './sign-in.module.css';

/** The first start: the person who will be responsible for this station. */
export function FirstLead(): ReactNode {
  const say = useWords();
  const [login, setLogin] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const create = useAct('session.firstLead');
  const problems = {
    login: loginProblem(login),
    name: displayName.trim() === '' ? ('people.problem.name' as const) : null,
    password: passwordProblem(password),
    again: again === password ? null : ('people.problem.again' as const),
  };
  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (Object.values(problems).some(Boolean)) return;
    create.mutate({ login, displayName: displayName.trim(), password });
  }
  const told = (problem: (typeof problems)[keyof typeof problems]): string | null =>
    tried && problem ? say(problem) : null;
  return (
    <form className={styles['form']} onSubmit={submit} noValidate>
      <h2>{say('first-lead.title')}</h2>
      <p className={styles['text']}>{say('first-lead.text')}</p>
      <Field
        label={say('people.name')}
        value={displayName}
        onChange={setDisplayName}
        problem={told(problems.name)}
        ref={focusOnMount}
        data-testid="first-lead-name"
      />
      <Field
        label={say('sign-in.login')}
        hint={say('people.login.hint')}
        value={login}
        onChange={(value) => setLogin(value.toLowerCase())}
        problem={told(problems.login)}
        autoComplete="off"
        data-testid="first-lead-login"
      />
      <Field
        label={say('sign-in.password')}
        hint={say('people.password.hint')}
        type="password"
        value={password}
        onChange={setPassword}
        problem={told(problems.password)}
        autoComplete="new-password"
        data-testid="first-lead-password"
      />
      <Field
        label={say('people.password.again')}
        type="password"
        value={again}
        onChange={setAgain}
        problem={told(problems.again)}
        autoComplete="new-password"
        data-testid="first-lead-again"
      />
      <Note tone="warn">{say('first-lead.key')}</Note>
      {create.isError && (
        <Note tone="bad" live>
          {codeWords(codeOf(create.error))}
        </Note>
      )}
      <Button look="primary" big submit busy={create.isPending} data-testid="first-lead-submit">
        {say('first-lead.go')}
      </Button>
    </form>
  );
}
