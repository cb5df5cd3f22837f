import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { NothingHere, Trouble, Waiting } from '../../components/note.tsx';
import { Screen, ScreenHead } from '../../components/screen.tsx';
import { tellTrouble } from '../../components/tell-trouble.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { useMay } from '../../data/use-session.ts';
import { useWords } from '../../i18n/words.ts';
import { hasLane } from './lane-state.ts';
import { Lane } from './lane.tsx';
import { PastDockings } from './past-dockings.tsx';
import styles from './dock-screen.module.css';

/** One lane per medium that is plugged in; below, what was docked before. */
export function DockScreen(): ReactNode {
  const say = useWords();
  const list = useCall('dockings.list', { limit: 100 });
  const session = useCall('session.current', {});
  const may = useMay();
  const pickFolder = useAct('shell.pickFolder');
  const practiceCard = useAct('dock.practiceCard');
  const dockings = list.data?.dockings ?? [];
  const lanes = dockings.filter((docking) => hasLane(docking, dockings));
  const shutters = lanes.filter((docking) => docking.live?.canCapture).length;
  const past = dockings.filter((docking) => !hasLane(docking, dockings));

  const actions = may('dock') && (
    <div className={styles['actions']}>
      {session.data?.practice && (
        <Button
          look={lanes.length === 0 ? 'primary' : 'plain'}
          big={lanes.length === 0}
          icon="card"
          busy={practiceCard.isPending}
          data-testid="action-practice-card"
          onClick={() => practiceCard.mutate({}, { onError: tellTrouble })}
        >
          {say('dock.practice-card')}
        </Button>
      )}
      <Button
        icon="folder"
        big={lanes.length === 0}
        busy={pickFolder.isPending}
        data-testid="action-dock-folder"
        onClick={() => pickFolder.mutate({}, { onError: tellTrouble })}
      >
        {say('dock.folder')}
      </Button>
    </div>
  );

  return (
    <Screen>
      <ScreenHead title={say('dock.title')}>{lanes.length > 0 && actions}</ScreenHead>
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {list.data && lanes.length === 0 && (
        <section className={styles['empty']} data-testid="dock-empty">
          <NothingHere icon="card" title={say('dock.empty')}>
            <p>{say('dock.empty.text')}</p>
            {actions}
          </NothingHere>
        </section>
      )}
      {lanes.map((docking) => (
        <Lane key={docking.id} docking={docking} onlyShutter={shutters === 1} />
      ))}
      {past.length > 0 && <PastDockings dockings={past} />}
    </Screen>
  );
}
