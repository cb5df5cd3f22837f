import { useState } from 'react';
import type { ReactNode } from 'react';
import type { MediumRecord } from '../../../shared/contract/media.ts';
import { Button } from '../../components/button.tsx';
import { LetIn } from '../../components/let-in.tsx';
import { TakeBack } from '../../components/take-back.tsx';
import { useMay } from '../../data/use-session.ts';
import { useWords } from '../../i18n/words.ts';
import { EditDialog } from './edit-dialog.tsx';
import { LendDialog } from './lend-dialog.tsx';
import { nameOf } from './media-filter.ts';

/** What may be done with a medium by whoever is signed in. */
export function MediumActions({
  medium,
  all = false,
}: {
  readonly medium: MediumRecord;
  /** Also what is done rarely. */
  readonly all?: boolean;
}): ReactNode {
  const say = useWords();
  const may = useMay();
  const [open, setOpen] = useState<'lend' | 'edit' | null>(null);
  const close = (): void => setOpen(null);
  const name = nameOf(medium);
  return (
    <>
      {medium.approved === null && medium.retiredAt === null && <LetIn mediumId={medium.id} name={name} />}
      {medium.loan !== null && <TakeBack mediumId={medium.id} name={name} />}
      {medium.loan === null && medium.retiredAt === null && may('lend') && (all || medium.approved !== null) && (
        <Button icon="hand" onClick={() => setOpen('lend')} data-testid="medium-lend">
          {say('media.lend')}
        </Button>
      )}
      {all && may('register') && (
        <Button icon="paper" onClick={() => setOpen('edit')} data-testid="medium-edit">
          {say('media.edit')}
        </Button>
      )}
      {open === 'lend' && <LendDialog medium={medium} onClose={close} />}
      {open === 'edit' && <EditDialog medium={medium} onClose={close} />}
    </>
  );
}
