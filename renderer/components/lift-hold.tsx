import { useState } from 'react';
import type { ReactNode } from 'react';
import type { HoldView } from '../../shared/contract.ts';
import { say as tell } from '../data/live.ts';
import { useAct } from '../data/use-call.ts';
import { useMay } from '../data/use-session.ts';
import { whenText } from '../i18n/format.ts';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';
import { Note } from './note.tsx';
import { ReasonDialog } from './reason-dialog.tsx';

/** The button that lifts a hold, for leads; for everybody else who it is that can. */
export function LiftHold({ hold }: { readonly hold: HoldView }): ReactNode {
  const say = useWords();
  const may = useMay();
  const [open, setOpen] = useState(false);
  if (!may('lift-hold')) return <small>{say('hold.only-lead')}</small>;
  return (
    <>
      <Button icon="unlock" onClick={() => setOpen(true)} data-testid="hold-lift">
        {say('hold.lift')}
      </Button>
      {open && <LiftHoldDialog hold={hold} onClose={() => setOpen(false)} />}
    </>
  );
}

function LiftHoldDialog({ hold, onClose }: { readonly hold: HoldView; readonly onClose: () => void }): ReactNode {
  const say = useWords();
  const lift = useAct('holds.lift');

  function go(reason: string): void {
    lift.mutate(
      { holdIds: [hold.id], reason },
      {
        onSuccess: () => {
          tell(say('hold.lifted', { name: hold.name }), 'good');
          onClose();
        },
      },
    );
  }

  return (
    <ReasonDialog
      title={say('hold.lift.title', { name: hold.name })}
      reason={{
        label: say('hold.lift.reason'),
        hint: say('hold.lift.hint'),
        usual: [say('hold.usual.settled'), say('hold.usual.released'), say('hold.usual.mistake')],
      }}
      go={{ look: 'danger', icon: 'unlock', words: say('hold.lift.go'), 'data-testid': 'lift-confirm' }}
      act={lift}
      onGo={go}
      onClose={onClose}
      data-testid="lift-dialog"
    >
      <Note tone="plain">
        <p>
          <b>{hold.reason}</b>
        </p>
        <p>{say('hold.by', { by: hold.placedBy, at: whenText(hold.placedAt) })}</p>
      </Note>
      <p>{say('hold.lift.meaning')}</p>
    </ReasonDialog>
  );
}
