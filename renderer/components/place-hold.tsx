import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CallInput } from '../../shared/contract.ts';
import { codeOf } from '../data/call-error.ts';
import { say as tell } from '../data/live.ts';
import { useAct } from '../data/use-call.ts';
import { useMay } from '../data/use-session.ts';
import { codeWords } from '../i18n/codes.ts';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';
import { Sheet } from './dialog.tsx';
import { Note } from './note.tsx';
import { isReason, ReasonField } from './reason-field.tsx';

interface PlaceHoldProps {
  readonly subject: CallInput<'holds.place'>['subject'];
  /** What is held, as people call it. */
  readonly name: string;
  readonly big?: boolean;
}

/** The button that places a hold, for those who may, and its question: why. */
export function PlaceHold({ subject, name, big = false }: PlaceHoldProps): ReactNode {
  const say = useWords();
  const may = useMay();
  const [open, setOpen] = useState(false);
  if (!may('hold')) return null;
  return (
    <>
      <Button look="quiet" big={big} icon="lock" onClick={() => setOpen(true)} data-testid="action-hold">
        {say('hold.place')}
      </Button>
      {open && <PlaceHoldDialog subject={subject} name={name} onClose={() => setOpen(false)} />}
    </>
  );
}

function PlaceHoldDialog({ subject, name, onClose }: PlaceHoldProps & { readonly onClose: () => void }): ReactNode {
  const say = useWords();
  const [reason, setReason] = useState('');
  const place = useAct('holds.place');
  const docking = 'dockingId' in subject;

  function go(): void {
    place.mutate(
      { subject, reason: reason.trim() },
      {
        onSuccess: () => {
          tell(say('hold.placed', { name }), 'good');
          onClose();
        },
      },
    );
  }

  return (
    <Sheet
      title={say('hold.title', { name })}
      onClose={onClose}
      data-testid="hold-dialog"
      actions={
        <>
          <Button big onClick={onClose}>
            {say('erase.not-now')}
          </Button>
          <Button
            look="primary"
            big
            icon="lock"
            disabled={!isReason(reason)}
            busy={place.isPending}
            onClick={go}
            data-testid="hold-confirm"
          >
            {say('hold.go')}
          </Button>
        </>
      }
    >
      <p>{say(docking ? 'hold.meaning.docking' : 'hold.meaning.capture')}</p>
      <ReasonField
        label={say('hold.reason')}
        hint={say('hold.reason.hint')}
        value={reason}
        onChange={setReason}
        usual={[say('hold.usual.claim'), say('hold.usual.police'), say('hold.usual.research')]}
      />
      {place.isError && (
        <Note tone="bad" live>
          {codeWords(codeOf(place.error))}
        </Note>
      )}
    </Sheet>
  );
}
