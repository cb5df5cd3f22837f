import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { isDevice } from '../../../shared/domain/media.ts';
import type { MediumRecord } from '../../../shared/contract/media.ts';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { focusOnMount } from '../../components/focus-on-mount.ts';
import { Note, Trouble } from '../../components/note.tsx';
import { say as tell } from '../../data/live.ts';
import { useAct } from '../../data/use-call.ts';
import { useWords } from '../../i18n/words.ts';
import { nameOf } from './media-filter.ts';
import styles from './media.module.css';

const TEXTS = ['name', 'ownerUnit', 'maker', 'model', 'serial', 'note'] as const;

/** What the department knows of a medium. What a device tells of itself is not written over. */
export function EditDialog({
  medium,
  onClose,
}: {
  readonly medium: MediumRecord;
  readonly onClose: () => void;
}): ReactNode {
  const say = useWords();
  const [texts, setTexts] = useState(() => Object.fromEntries(TEXTS.map((field) => [field, medium[field] ?? ''])));
  const [managed, setManaged] = useState(medium.managed);
  const [retired, setRetired] = useState(medium.retiredAt !== null);
  const update = useAct('media.update');
  const isTold = (field: string) =>
    ['maker', 'model', 'serial'].includes(field) && isDevice(medium.kind) && medium[field as 'maker'] !== null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const changed = Object.fromEntries(
      TEXTS.filter((field) => !isTold(field) && texts[field]?.trim() !== (medium[field] ?? '')).map((field) => [
        field,
        texts[field]?.trim() ?? '',
      ]),
    );
    update.mutate(
      {
        mediumId: medium.id,
        ...changed,
        ...(managed === medium.managed ? {} : { managed }),
        ...(retired === (medium.retiredAt !== null) ? {} : { retired }),
      },
      {
        onSuccess: () => {
          tell(say('media.saved', { name: texts['name'] || nameOf(medium) }), 'good');
          onClose();
        },
      },
    );
  }

  return (
    <Sheet title={say('media.edit.title', { name: nameOf(medium) })} onClose={onClose} data-testid="medium-dialog">
      <form className={styles['form']} onSubmit={submit} noValidate>
        {TEXTS.map((field, index) => (
          <Field
            key={field}
            label={say(`media.field.${field}`)}
            {...(isTold(field) ? { hint: say('media.field.told'), readOnly: true } : {})}
            value={texts[field] ?? ''}
            onChange={(value) => setTexts((before) => ({ ...before, [field]: value }))}
            maxLength={field === 'note' ? 500 : 80}
            autoComplete="off"
            {...(index === 0 ? { ref: focusOnMount } : {})}
            data-testid={`medium-${field}`}
          />
        ))}
        {medium.kind === 'phone' && (
          <label className={styles['tick']}>
            <input
              type="checkbox"
              checked={managed}
              onChange={(event) => setManaged(event.target.checked)}
              data-testid="medium-managed"
            />
            <span>
              {say('media.managed')}
              <small>{say('media.managed.text')}</small>
            </span>
          </label>
        )}
        <label className={styles['tick']}>
          <input
            type="checkbox"
            checked={retired}
            onChange={(event) => setRetired(event.target.checked)}
            data-testid="medium-retired"
          />
          <span>
            {say('media.retire')}
            <small>{say('media.retire.text')}</small>
          </span>
        </label>
        {retired && medium.retiredAt === null && !medium.left.clear && (
          <Note tone="warn">{say('media.retire.not-clear')}</Note>
        )}
        {update.isError && <Trouble error={update.error} />}
        <Button look="primary" big submit busy={update.isPending} data-testid="medium-save">
          {say('media.save')}
        </Button>
      </form>
    </Sheet>
  );
}
