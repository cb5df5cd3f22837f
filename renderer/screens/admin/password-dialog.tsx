import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { PersonView } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Trouble } from '../../components/note.tsx';
import { say as tell } from '../../data/live.ts';
import { useAct } from '../../data/use-call.ts';
import { useWords } from '../../i18n/words.ts';
import { passwordProblem } from './person-rules.ts';
import { focusOnMount } from '../../components/focus-on-mount.ts';
import styles from './admin.module.css';

interface PasswordDialogProps {
  readonly person: PersonView;
  readonly onClose: () => void;
}

/** A new password for somebody who has forgotten theirs. */
export function PasswordDialog({ person, onClose }: PasswordDialogProps): ReactNode {
  const say = useWords();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const update = useAct('people.update');
  const problem = passwordProblem(password);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (problem) return;
    update.mutate(
      { id: person.id, password },
      {
        onSuccess: () => {
          tell(say('people.password-set', { name: person.displayName }), 'good');
          onClose();
        },
      },
    );
  }

  return (
    <Sheet
      title={say('people.password-for', { name: person.displayName })}
      onClose={onClose}
      data-testid="password-dialog"
    >
      <form className={styles['form']} onSubmit={submit} noValidate>
        <Field
          label={say('people.new-password')}
          hint={say('people.password.hint')}
          type="password"
          value={password}
          onChange={setPassword}
          problem={tried && problem ? say(problem) : null}
          autoComplete="new-password"
          ref={focusOnMount}
          data-testid="new-password"
        />
        {update.isError && <Trouble error={update.error} />}
        <Button look="primary" big submit busy={update.isPending} data-testid="new-password-submit">
          {say('people.set-password')}
        </Button>
      </form>
    </Sheet>
  );
}
