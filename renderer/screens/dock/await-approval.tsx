import type { ReactNode } from 'react';
import type { DockingView } from '../../../shared/contract.ts';
import { LetIn } from '../../components/let-in.tsx';
import { Note } from '../../components/note.tsx';
import { useMay } from '../../data/use-session.ts';
import { term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import styles from './await-approval.module.css';

/** In the lane of a medium that nobody knows: nothing of it is read until a lead lets it in, here or in Review. */
export function AwaitApproval({ docking: { awaitsApproval, medium } }: { readonly docking: DockingView }): ReactNode {
  const say = useWords();
  const may = useMay();
  if (!awaitsApproval) return null;
  return (
    <Note tone="warn" data-testid="lane-await-approval">
      <div className={styles['row']}>
        <p className={styles['words']}>{say(may('register') ? 'media.await.lead' : 'media.await.staff')}</p>
        <LetIn mediumId={medium.id} name={medium.name ?? (medium.label || term('medium', medium.kind))} big />
      </div>
    </Note>
  );
}
