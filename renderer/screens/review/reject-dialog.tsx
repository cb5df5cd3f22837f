import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ReviewRow } from '../../../shared/contract.ts';
import { REJECT_REASONS } from '../../../shared/domain/reasons.ts';
import type { RejectReason } from '../../../shared/domain/reasons.ts';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/dialog.tsx';
import { Note } from '../../components/note.tsx';
import { codeOf } from '../../data/call-error.ts';
import { say as tell } from '../../data/live.ts';
import { useAct } from '../../data/use-call.ts';
import { codeWords, term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import styles from './reject-dialog.module.css';

interface RejectDialogProps {
  readonly row: ReviewRow;
  readonly onClose: () => void;
}

/** Rejecting needs a reason from the list; it can be undone, and nothing is erased by it. */
export function RejectDialog({ row, onClose }: RejectDialogProps): ReactNode {
  const say = useWords();
  const [reason, setReason] = useState<RejectReason | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const reject = useAct('captures.reject');

  function go(): void {
    if (row.captureId === null || reason === null) return;
    reject.mutate(
      { captureIds: [row.captureId], reason },
      {
        onSuccess: (answer) => {
          const why = answer.refused[0]?.code;
          if (why) setRefused(why);
          else {
            tell(say('reject.done', { name: row.name }), 'good');
            onClose();
          }
        },
        onError: (error) => setRefused(codeOf(error)),
      },
    );
  }

  return (
    <Sheet
      title={say('reject.title', { name: row.name })}
      onClose={onClose}
      data-testid="reject-dialog"
      actions={
        <>
          <Button big onClick={onClose}>
            {say('erase.not-now')}
          </Button>
          <Button
            look="danger"
            big
            disabled={reason === null}
            busy={reject.isPending}
            onClick={go}
            data-testid="reject-confirm"
          >
            {say('reject.go')}
          </Button>
        </>
      }
    >
      <p>{say('reject.meaning')}</p>
      <fieldset className={styles['reasons']}>
        <legend>{say('reject.reason')}</legend>
        {REJECT_REASONS.map((one) => (
          <label key={one} className={styles['reason']} data-testid={`reject-${one}`}>
            <input type="radio" name="reason" checked={reason === one} onChange={() => setReason(one)} />
            {term('reject', one)}
          </label>
        ))}
      </fieldset>
      {refused && (
        <Note tone="bad" live>
          {codeWords(refused)}
        </Note>
      )}
    </Sheet>
  );
}
