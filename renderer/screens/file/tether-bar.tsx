import type { ReactNode } from 'react';
import type { DockingView } from '../../../shared/contract.ts';
import { Icon } from '../../components/icon.tsx';
import { Switch } from '../../components/switch.tsx';
import { ExposureLine } from '../../components/tether/exposure-line.tsx';
import { ShutterButton } from '../../components/tether/shutter-button.tsx';
import { useMay } from '../../data/use-session.ts';
import { useWords } from '../../i18n/words.ts';
import styles from './tether-bar.module.css';

interface TetherBarProps {
  readonly docking: DockingView;
  readonly following: boolean;
  readonly onFollowing: (following: boolean) => void;
  readonly hasPatient: boolean;
}

/** A camera on the cable while one files: what becomes of new pictures, how it is set, and its shutter. */
export function TetherBar({ docking, following, onFollowing, hasPatient }: TetherBarProps): ReactNode {
  const say = useWords();
  const may = useMay();
  const { live } = docking;
  if (!live) return null;
  return (
    <section className={styles['bar']} aria-label={say('tether.live')} data-testid="tether-bar">
      <div className={styles['row']}>
        <Icon name={docking.medium.kind === 'stick' ? 'stick' : docking.medium.kind} size={24} />
        <Switch on={following} onChange={onFollowing} data-testid="tether-follow">
          {say(following && !hasPatient ? 'tether.follow.no-patient' : 'tether.follow')}
        </Switch>
        {live.canCapture && may('dock') && (
          <span className={styles['shutter']}>
            <ShutterButton dockingId={docking.id} byKey />
          </span>
        )}
      </div>
      <ExposureLine live={live} />
    </section>
  );
}
