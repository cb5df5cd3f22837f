import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CallInput } from '../../shared/contract.ts';
import { say as tell } from '../data/live.ts';
import { useAct } from '../data/use-call.ts';
import { useMay } from '../data/use-session.ts';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';
import { ReasonDialog } from './reason-dialog.tsx';

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
  const place = useAct('holds.place');
  const docking = 'dockingId' in subject;

  function go(reason: string): void {
    place.mutate(
      { subject, reason },
      {
        onSuccess: () => {
          tell(say('hold.placed', { name }), 'good');
          onClose();
        },
      },
    );
  }

  return (
    <ReasonDialog
      title={say('hold.title', { name })}
      reason={{
        label: say('hold.reason'),
        hint: say('hold.reason.hint'),
        usual: [say('hold.usual.claim'), say('hold.usual.police'), say('hold.usual.research')],
      }}
      go={{ look: 'primary', icon: 'lock', words: say('hold.go'), 'data-testid': 'hold-confirm' }}
      act={place}
      onGo={go}
      onClose={onClose}
      data-testid="hold-dialog"
    >
      <p>{say(docking ? 'hold.meaning.docking' : 'hold.meaning.capture')}</p>
    </ReasonDialog>
  );
}
