import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { Role } from '../../../shared/domain/people.ts';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Trouble } from '../../components/note.tsx';
import { say as tell } from '../../data/live.ts';
import { useAct } from '../../data/use-call.ts';
import { useWords } from '../../i18n/words.ts';
import { loginProblem, passwordProblem } from './person-rules.ts';
import { RoleChoice } from './role-choice.tsx';
import { focusOnMount } from '../../components/focus-on-mount.ts';
import styles from './admin.module.css';

/** A new person. */
export function PersonDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useWords();
  const [displayName, setDisplayName] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('photographer');
  const [tried, setTried] = useState(false);
  const add = useAct('people.add');
  const problems = {
    name: displayName.trim() === '' ? say('people.problem.name') : null,
    login: loginProblem(login) && say('people.problem.login'),
    password: passwordProblem(password) && say('people.problem.short'),
  };

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (Object.values(problems).some(Boolean)) return;
    add.mutate(
      { login, displayName: displayName.trim(), role, password },
      {
        onSuccess: (person) => {
          tell(say('people.added', { name: person.displayName }), 'good');
          onClose();
        },
      },
    );
  }

  return (
    <Sheet title={say('people.add')} onClose={onClose} data-testid="person-dialog">
      <form className={styles['form']} onSubmit={submit} noValidate>
        <Field
          label={say('people.name')}
          value={displayName}
          onChange={setDisplayName}
          problem={tried ? problems.name : null}
          ref={focusOnMount}
          data-testid="person-name"
        />
        <Field
          label={say('sign-in.login')}
          hint={say('people.login.hint')}
          value={login}
          onChange={(value) => setLogin(value.toLowerCase())}
          problem={tried ? problems.login : null}
          autoComplete="off"
          data-testid="person-login"
        />
        <label className={styles['labelled']}>
          <b>{say('people.role')}</b>
          <RoleChoice label={say('people.role')} role={role} onRole={setRole} />
        </label>
        <Field
          label={say('people.first-password')}
          hint={say('people.password.hint')}
          type="password"
          value={password}
          onChange={setPassword}
          problem={tried ? problems.password : null}
          autoComplete="new-password"
          data-testid="person-password"
        />
        {add.isError && <Trouble error={add.error} />}
        <Button look="primary" big submit busy={add.isPending} data-testid="person-submit">
          {say('people.add')}
        </Button>
      </form>
    </Sheet>
  );
}
