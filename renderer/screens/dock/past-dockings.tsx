import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import type { DockingView } from '../../../shared/contract.ts';
import { Icon } from '../../components/icon.tsx';
import { Listing } from '../../components/listing.tsx';
import { PlaceHold } from '../../components/place-hold.tsx';
import { useMay } from '../../data/use-session.ts';
import { mediumName } from '../../components/medium-name.ts';
import { equationText } from '../../components/equation-text.ts';
import { shortWhenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { pastState } from './past-state.ts';
import { useNow } from '../../data/use-now.ts';
import styles from './past-dockings.module.css';

/** What was docked before: one line each, the open ones first in sight by their mark. */
export function PastDockings({ dockings }: { readonly dockings: readonly DockingView[] }): ReactNode {
  const say = useWords();
  const may = useMay();
  const now = useNow();
  return (
    <section className={styles['past']} aria-labelledby="past-dockings">
      <h2 id="past-dockings">{say('past.title')}</h2>
      <Listing
        heads={[say('past.medium'), say('past.docked'), say('past.state'), say('past.equation'), say('past.on-medium')]}
        lastHead={say('past.open')}
        className={styles['table']}
        data-testid="past-dockings"
      >
        {dockings.map((docking) => {
          const state = pastState(docking);
          return (
            <tr key={docking.id} data-testid="past-docking" data-docking-id={docking.id} data-state={docking.state}>
              <td>
                <span className={styles['medium']}>
                  <Icon name={docking.medium.kind} />
                  {mediumName(docking.medium)}
                </span>
              </td>
              <td>{shortWhenText(docking.startedAt, now)}</td>
              <td>
                <span className={styles[state.look]}>
                  <Icon name={state.icon} size={18} />
                  {say(state.word, { n: state.count })}
                </span>
              </td>
              <td className={styles['soft']}>{equationText(docking.equation)}</td>
              <td className={styles['soft']}>
                {say('past.counts', {
                  erased: docking.onMedium.absent,
                  left: docking.onMedium.present + docking.onMedium.kept + docking.onMedium.eraseUnverified,
                })}
              </td>
              <td className={styles['links']}>
                {docking.equation.unfiled > 0 && may('file') && (
                  <Link to="/file" search={{ docking: docking.id }}>
                    {say('past.file')}
                  </Link>
                )}
                <PlaceHold subject={{ dockingId: docking.id }} name={mediumName(docking.medium)} />
                {may('certify') && (
                  <Link to="/certificate/$dockingId" params={{ dockingId: docking.id }}>
                    {say('lane.certificate')}
                  </Link>
                )}
              </td>
            </tr>
          );
        })}
      </Listing>
    </section>
  );
}
