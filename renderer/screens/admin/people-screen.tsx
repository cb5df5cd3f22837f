import { useState } from 'react';
import type { ReactNode } from 'react';
import type { PersonView } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { Listing } from '../../components/listing.tsx';
import { Trouble, Waiting } from '../../components/note.tsx';
import { Screen, ScreenHead } from '../../components/screen.tsx';
import { tellTrouble } from '../../components/tell-trouble.ts';
import { say as tell } from '../../data/live.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import { PersonDialog } from './person-dialog.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { RoleChoice } from './role-choice.tsx';
import styles from './admin.module.css';

/** Who may use this station, and what they may do. */
export function PeopleScreen(): ReactNode {
  const say = useWords();
  const list = useCall('people.list', {});
  const session = useCall('session.current', {});
  const update = useAct('people.update');
  const [adding, setAdding] = useState(false);
  const [newPassword, setNewPassword] = useState<PersonView | null>(null);
  const own = session.data?.person?.id;

  function change(person: PersonView, what: { role?: PersonView['role']; disabled?: boolean }): void {
    update.mutate(
      { id: person.id, ...what },
      {
        onSuccess: () => tell(say('people.changed', { name: person.displayName }), 'good'),
        onError: tellTrouble,
      },
    );
  }

  return (
    <Screen>
      <ScreenHead title={say('people.title')}>
        <Button look="primary" icon="plus" onClick={() => setAdding(true)} data-testid="people-add">
          {say('people.add')}
        </Button>
      </ScreenHead>
      {list.isPending && <Waiting />}
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && (
        <Listing
          heads={[say('people.name'), say('sign-in.login'), say('people.role'), say('people.state')]}
          lastHead={say('review.actions')}
        >
          {list.data.people.map((person) => (
            <tr key={person.id} data-testid="person" data-login={person.login} data-disabled={person.disabled}>
              <td>
                <b>{person.displayName}</b> {person.id === own && <small>{say('people.you')}</small>}
              </td>
              <td>{person.login}</td>
              <td>
                {person.id === own ? (
                  term('role', person.role)
                ) : (
                  <RoleChoice
                    label={say('people.role-of', { name: person.displayName })}
                    role={person.role}
                    onRole={(role) => change(person, { role })}
                  />
                )}
              </td>
              <td>
                <span className={person.disabled ? styles['off'] : styles['on']}>
                  <Icon name={person.disabled ? 'stop' : 'check'} size={18} />
                  {say(person.disabled ? 'people.disabled' : 'people.enabled')}
                </span>
              </td>
              <td>
                <span className={styles['actions']}>
                  <Button onClick={() => setNewPassword(person)} data-testid="people-password">
                    {say('people.new-password')}
                  </Button>
                  {person.id !== own && (
                    <Button onClick={() => change(person, { disabled: !person.disabled })} data-testid="people-disable">
                      {say(person.disabled ? 'people.enable' : 'people.disable')}
                    </Button>
                  )}
                </span>
              </td>
            </tr>
          ))}
        </Listing>
      )}
      <p className={styles['roles']}>{say('people.roles')}</p>
      {adding && <PersonDialog onClose={() => setAdding(false)} />}
      {newPassword && <PasswordDialog person={newPassword} onClose={() => setNewPassword(null)} />}
    </Screen>
  );
}
