import type { ReactNode } from 'react';
import { codeOf } from '../data/call-error.ts';
import { say as tell } from '../data/live.ts';
import { useAct } from '../data/use-call.ts';
import { useMay } from '../data/use-session.ts';
import { codeWords } from '../i18n/codes.ts';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';

/** The button that says that a lent medium is back. Docking it says the same. */
export function TakeBack({ mediumId, name }: { readonly mediumId: string; readonly name: string }): ReactNode {
  const say = useWords();
  const may = useMay();
  const back = useAct('media.return');
  if (!may('lend')) return null;
  return (
    <Button
      icon="back"
      busy={back.isPending}
      data-testid="medium-back"
      onClick={() =>
        back.mutate(
          { mediumId },
          {
            onSuccess: () => tell(say('media.is-back', { name }), 'good'),
            onError: (error) => tell(codeWords(codeOf(error)), 'bad'),
          },
        )
      }
    >
      {say('media.back')}
    </Button>
  );
}
