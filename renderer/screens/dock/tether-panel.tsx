import type { ReactNode } from 'react';
import type { LiveView } from '../../../shared/contract.ts';
import { ExposureLine } from '../../components/tether/exposure-line.tsx';
import { ShutterButton } from '../../components/tether/shutter-button.tsx';
import { useMay } from '../../data/use-session.ts';
import styles from './tether-panel.module.css';

interface TetherPanelProps {
  readonly dockingId: string;
  readonly live: LiveView;
  /** The only camera of this screen whose shutter can be released. */
  readonly only: boolean;
}

/** A camera that tells of itself: how it is set, whether its clock is right, and its shutter. Nothing when it has none of it to tell. */
export function TetherPanel({ dockingId, live, only }: TetherPanelProps): ReactNode {
  const may = useMay();
  const canRelease = live.canCapture && may('dock');
  if (!canRelease && live.exposure === null && live.clockOffsetMs === null) return null;
  return (
    <section className={styles['panel']} data-testid="tether-panel">
      <ExposureLine live={live} />
      {canRelease && <ShutterButton dockingId={dockingId} byKey={only} />}
    </section>
  );
}
