import type { ReactNode } from 'react';
import { say as tell } from '../data/live.ts';
import { useAct } from '../data/use-call.ts';
import { useMay } from '../data/use-session.ts';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';
import { tellTrouble } from './tell-trouble.ts';

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
            onError: tellTrouble,
          },
        )
      }
    >
      {say('media.back')}
    </Button>
  );
}
