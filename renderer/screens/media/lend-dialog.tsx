import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { MediumRecord } from '../../../shared/contract/media.ts';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { focusOnMount } from '../../components/focus-on-mount.ts';
import { Trouble } from '../../components/note.tsx';
import { say as tell } from '../../data/live.ts';
import { useAct } from '../../data/use-call.ts';
import { useNow } from '../../data/use-now.ts';
import { useWords } from '../../i18n/words.ts';
import { endOfDay, inDays } from './due-date.ts';
import { nameOf } from './media-filter.ts';
import styles from './media.module.css';

/** How far ahead a loan usually goes, in days. */
const USUAL = [0, 1, 7, 28] as const;

/** Who takes a medium along, and until when. */
export function LendDialog({
  medium,
  onClose,
}: {
  readonly medium: MediumRecord;
  readonly onClose: () => void;
}): ReactNode {
  const say = useWords();
  const now = useNow();
  const [borrower, setBorrower] = useState('');
  const [day, setDay] = useState(() => inDays(now, 1));
  const [tried, setTried] = useState(false);
  const lend = useAct('media.lend');
  const dueAt = endOfDay(day, now);
  const name = nameOf(medium);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (borrower.trim() === '' || dueAt === null) return;
    lend.mutate(
      { mediumId: medium.id, borrower: borrower.trim(), dueAt },
      {
        onSuccess: () => {
          tell(say('media.lent', { name, borrower: borrower.trim() }), 'good');
          onClose();
        },
      },
    );
  }

  return (
    <Sheet title={say('media.lend.title', { name })} onClose={onClose} data-testid="lend-dialog">
      <form className={styles['form']} onSubmit={submit} noValidate>
        <Field
          label={say('media.lend.borrower')}
          hint={say('media.lend.borrower.hint')}
          value={borrower}
          onChange={setBorrower}
          maxLength={80}
          problem={tried && borrower.trim() === '' ? say('media.lend.problem.borrower') : null}
          ref={focusOnMount}
          autoComplete="off"
          data-testid="lend-borrower"
        />
        <div className={styles['days']} role="group" aria-label={say('media.lend.usual')}>
          {USUAL.map((days) => (
            <Button
              key={days}
              look={day === inDays(now, days) ? 'primary' : 'plain'}
              aria-pressed={day === inDays(now, days)}
              onClick={() => setDay(inDays(now, days))}
              data-testid={`lend-days-${days}`}
            >
              {say('media.lend.days', { n: days })}
            </Button>
          ))}
        </div>
        <Field
          label={say('media.lend.due')}
          hint={say('media.lend.due.hint')}
          inputMode="numeric"
          maxLength={10}
          placeholder="2026-12-31"
          value={day}
          onChange={setDay}
          problem={tried && dueAt === null ? say('media.lend.problem.due') : null}
          data-testid="lend-due"
        />
        {lend.isError && <Trouble error={lend.error} />}
        <Button look="primary" big submit icon="hand" busy={lend.isPending} data-testid="lend-confirm">
          {say('media.lend.go')}
        </Button>
      </form>
    </Sheet>
  );
}
