import type { ReactNode } from 'react';
import type { ButtonView } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/dialog.tsx';
import { Trouble } from '../../components/note.tsx';
import { say as tell } from '../../data/live.ts';
import { useAct } from '../../data/use-call.ts';
import { useWords } from '../../i18n/words.ts';

interface RemoveDialogProps {
  readonly button: ButtonView;
  readonly onClose: () => void;
}

/** Forgetting a button: it takes no picture any more, until it is taught again. */
export function RemoveDialog({ button, onClose }: RemoveDialogProps): ReactNode {
  const say = useWords();
  const remove = useAct('buttons.remove');
  const { id: buttonId, label } = button;

  function go(): void {
    remove.mutate(
      { buttonId },
      {
        onSuccess: () => {
          tell(say('buttons.removed', { label }), 'good');
          onClose();
        },
      },
    );
  }

  return (
    <Sheet
      title={say('buttons.remove.title', { label })}
      onClose={onClose}
      data-testid="button-remove-dialog"
      actions={
        <>
          <Button big onClick={onClose}>
            {say('erase.not-now')}
          </Button>
          <Button look="danger" big busy={remove.isPending} onClick={go} data-testid="button-remove-confirm">
            {say('buttons.remove')}
          </Button>
        </>
      }
    >
      <p>{say('buttons.remove.meaning')}</p>
      {remove.isError && <Trouble error={remove.error} />}
    </Sheet>
  );
}
