import { useState } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { codeOf } from '../data/call-error.ts';
import { codeWords } from '../i18n/codes.ts';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';
import { Sheet } from './dialog.tsx';
import { Note } from './note.tsx';
import { isReason, ReasonField } from './reason-field.tsx';

interface ReasonDialogProps {
  readonly title: string;
  /** What will follow from it. */
  readonly children: ReactNode;
  readonly reason: Pick<ComponentProps<typeof ReasonField>, 'label' | 'hint' | 'usual'>;
  readonly go: Pick<ComponentProps<typeof Button>, 'look' | 'icon' | 'data-testid'> & { readonly words: string };
  /** The act that asks for the reason: whether it runs, and why it was refused. */
  readonly act: { readonly isPending: boolean; readonly error: Error | null };
  readonly onGo: (reason: string) => void;
  readonly onClose: () => void;
  readonly 'data-testid': string;
}

/** An act that needs a reason in words before it is done, and says there why it was refused. */
export function ReasonDialog({
  title,
  children,
  reason,
  go,
  act,
  onGo,
  onClose,
  ...rest
}: ReasonDialogProps): ReactNode {
  const say = useWords();
  const [why, setWhy] = useState('');
  const { words, ...look } = go;
  return (
    <Sheet
      title={title}
      onClose={onClose}
      data-testid={rest['data-testid']}
      actions={
        <>
          <Button big onClick={onClose}>
            {say('erase.not-now')}
          </Button>
          <Button big {...look} disabled={!isReason(why)} busy={act.isPending} onClick={() => onGo(why.trim())}>
            {words}
          </Button>
        </>
      }
    >
      {children}
      <ReasonField {...reason} value={why} onChange={setWhy} />
      {act.error && (
        <Note tone="bad" live>
          {codeWords(codeOf(act.error))}
        </Note>
      )}
    </Sheet>
  );
}
