import type { ReactNode } from 'react';
import { say as tell } from '../data/live.ts';
import { useAct } from '../data/use-call.ts';
import { useMay } from '../data/use-session.ts';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';
import { tellTrouble } from './tell-trouble.ts';

interface LetInProps {
  readonly mediumId: string;
  readonly name: string;
  readonly big?: boolean;
}

/** The button that lets an unknown medium in, now and from now on; for leads. */
export function LetIn({ mediumId, name, big = false }: LetInProps): ReactNode {
  const say = useWords();
  const may = useMay();
  const approve = useAct('media.approve');
  if (!may('register')) return null;
  return (
    <Button
      look={big ? 'primary' : 'plain'}
      big={big}
      icon="unlock"
      busy={approve.isPending}
      data-testid="medium-let-in"
      onClick={() =>
        approve.mutate(
          { mediumId },
          {
            onSuccess: () => tell(say('media.is-in', { name }), 'good'),
            onError: tellTrouble,
          },
        )
      }
    >
      {say('media.let-in')}
    </Button>
  );
}
