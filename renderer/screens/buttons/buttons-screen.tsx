import { useRef, useState } from 'react';
import type { ChangeEvent, ReactNode } from 'react';
import type { ButtonView } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { Listing, NothingListed } from '../../components/listing.tsx';
import { Note, Trouble, Waiting } from '../../components/note.tsx';
import { Screen, ScreenHead } from '../../components/screen.tsx';
import { tellTrouble } from '../../components/tell-trouble.ts';
import { codeOf } from '../../data/call-error.ts';
import { say as tell } from '../../data/live.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { useNow } from '../../data/use-now.ts';
import { useMay } from '../../data/use-session.ts';
import { useWords } from '../../i18n/words.ts';
import { ButtonLine } from './button-line.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { TeachDialog } from './teach-dialog.tsx';
import { useLit } from './use-lit.ts';
import styles from './buttons.module.css';

/** Pedals and buttons that take pictures: which are known, whether they are there, and a light for each press. */
export function ButtonsScreen(): ReactNode {
  const say = useWords();
  const mayTeach = useMay()('teach');
  const list = useCall('buttons.list', {});
  const lit = useLit();
  const now = useNow();
  const [teaching, setTeaching] = useState(false);
  const [removing, setRemoving] = useState<ButtonView | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const save = useAct('shell.saveButtons');
  const bring = useAct('buttons.import');
  const { buttons = [], scanners = [], listening = 'on' } = list.data ?? {};

  function exportAll(): void {
    save.mutate(
      {},
      {
        onSuccess: () => tell(say('buttons.exported'), 'good'),
        onError: (error) => {
          if (codeOf(error) !== 'cancelled') tellTrouble(error);
        },
      },
    );
  }

  async function importFrom(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const { files } = event.target;
    const text = await files?.[0]?.text();
    // The same file may be chosen again.
    if (file.current) file.current.value = '';
    if (text === undefined) return;
    bring.mutate(
      { text },
      {
        onSuccess: ({ added, known }) => tell(say('buttons.imported', { added, known }), 'good'),
        onError: tellTrouble,
      },
    );
  }

  return (
    <Screen>
      <ScreenHead title={say('buttons.title')} text={say('buttons.text')}>
        {mayTeach && (
          <>
            <Button onClick={() => file.current?.click()} busy={bring.isPending} data-testid="buttons-import">
              {say('buttons.import')}
            </Button>
            <input
              type="file"
              accept=".json,application/json"
              hidden
              ref={file}
              onChange={(event) => void importFrom(event)}
              data-testid="buttons-file"
            />
            <Button
              onClick={exportAll}
              busy={save.isPending}
              disabled={buttons.length === 0}
              data-testid="buttons-export"
            >
              {say('buttons.export')}
            </Button>
            <Button
              look="primary"
              icon="plus"
              disabled={listening === 'off'}
              onClick={() => setTeaching(true)}
              data-testid="buttons-teach"
            >
              {say('buttons.teach')}
            </Button>
          </>
        )}
      </ScreenHead>
      {list.isPending && <Waiting />}
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {listening !== 'on' && (
        <Note tone="warn" live data-testid="buttons-deaf">
          <p>{say(`buttons.listening.${listening}`)}</p>
        </Note>
      )}
      {list.data && buttons.length === 0 && (
        <NothingListed icon="hand" title={say('buttons.empty')}>
          <p>{say(mayTeach ? 'buttons.empty.teach' : 'buttons.empty.text')}</p>
        </NothingListed>
      )}
      {buttons.length > 0 && (
        <Listing
          heads={[
            say('buttons.button'),
            say('buttons.device'),
            say('buttons.state'),
            say('buttons.last-pressed'),
            say('buttons.taught'),
          ]}
          lastHead={say('review.actions')}
          className={styles['table']}
        >
          {buttons.map((button) => (
            <ButtonLine
              key={button.id}
              button={button}
              lit={lit.has(button.id)}
              now={now}
              onRemove={mayTeach ? () => setRemoving(button) : null}
            />
          ))}
        </Listing>
      )}
      <div className={styles['foot']}>
        {buttons.length > 0 && <p>{say('buttons.try')}</p>}
        <p>
          {scanners.length === 0
            ? say('buttons.no-scanner')
            : say('buttons.scanners', {
                names: scanners.map((name) => name || say('buttons.unnamed')).join(', '),
              })}
        </p>
        <p>{say('buttons.keyboards')}</p>
      </div>
      {teaching && <TeachDialog onClose={() => setTeaching(false)} />}
      {removing && <RemoveDialog button={removing} onClose={() => setRemoving(null)} />}
    </Screen>
  );
}
