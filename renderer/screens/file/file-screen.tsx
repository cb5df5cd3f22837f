import type { ReactNode } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from '../../components/button.tsx';
import { NothingHere, Trouble, Waiting } from '../../components/note.tsx';
import { useCall } from '../../data/use-call.ts';
import { useWords } from '../../i18n/words.ts';
import { chooseDocking } from './choose-docking.ts';
import { FileWorkspace } from './file-workspace.tsx';
import styles from './file-screen.module.css';

/** Filing: sessions, contact sheet, patient and terms. Another docking is another workspace: no patient is carried over. */
export function FileScreen(): ReactNode {
  const say = useWords();
  return (
    <>
      {/* Every place has its heading; here the pictures need the room. */}
      <h1 className="visually-hidden">{say('nav.file')}</h1>
      <ChosenDocking />
    </>
  );
}

function ChosenDocking(): ReactNode {
  const say = useWords();
  const navigate = useNavigate();
  const search = useSearch({ from: '/file' });
  const list = useCall('dockings.list', { limit: 100 });
  if (list.isPending) return <Waiting />;
  if (list.isError) {
    return (
      <div className={styles['alone']}>
        <Trouble error={list.error} onRetry={() => void list.refetch()} />
      </div>
    );
  }
  const { dockings } = list.data;
  const docking = chooseDocking(dockings, search.docking);
  if (!docking) {
    return (
      <NothingHere icon="picture" title={say('file.no-docking')}>
        <p>{say('file.no-docking.text')}</p>
        <Button icon="dock" onClick={() => void navigate({ to: '/' })}>
          {say('file.to-dock')}
        </Button>
      </NothingHere>
    );
  }
  return (
    <FileWorkspace
      key={docking.id}
      docking={docking}
      dockings={dockings}
      capture={search.capture ?? null}
      onDocking={(id) => void navigate({ to: '/file', search: { docking: id }, replace: true })}
    />
  );
}
