import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { CaptureView } from '../../../shared/contract.ts';
import { cx } from '../../components/cx.ts';
import { CustodyStrip, StepMark } from '../../components/custody-strip.tsx';
import { Picture } from '../../components/picture.tsx';
import { useCall } from '../../data/use-call.ts';
import { codeWords } from '../../i18n/codes.ts';
import { clockText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { opticsLine } from './optics.ts';
import type { Taken } from './taken.ts';
import { forget, useTaken } from './taken.ts';
import styles from './shots.module.css';

/** The pictures of this docking, the newest first: those that are not saved yet say so, the others show their custody. */
export function Shots({ dockingId }: { readonly dockingId: string | null }): ReactNode {
  const say = useWords();
  const taken = useTaken();
  const frames = useCall('capture.frames', { dockingId: dockingId ?? '' }, { enabled: dockingId !== null });
  const captures = useCall('captures.list', { dockingId: dockingId ?? '' }, { enabled: dockingId !== null });
  const captureOf = new Map(captures.data?.captures.map((capture) => [capture.id, capture]));
  const shown = (frames.data?.frames ?? []).map((frame) => ({
    ...frame,
    capture: frame.captureId === null ? undefined : captureOf.get(frame.captureId),
  }));
  const stationShows = new Set(shown.filter(({ capture }) => capture).map(({ sha256 }) => sha256));

  // What the station shows by itself is shown once.
  useEffect(() => {
    for (const one of taken) if (one.state === 'sealed' && stationShows.has(one.facts.sha256)) forget(one.facts.sha256);
  });

  const own = taken.filter((one) => !stationShows.has(one.facts.sha256));
  const others = shown.filter(({ sha256, capture }) => capture ?? !own.some((one) => one.facts.sha256 === sha256));
  if (own.length === 0 && others.length === 0) return <p className={styles['none']}>{say('capture.none-yet')}</p>;
  return (
    <ol className={styles['shots']} aria-label={say('capture.shots')} data-testid="shots">
      {own.map((one) => (
        <OwnShot key={one.facts.sha256} taken={one} />
      ))}
      {others.map(({ sha256, takenAt, optics, capture }) => (
        <li key={sha256} className={styles['shot']} data-testid="shot" data-state={capture ? 'shown' : 'sealed'}>
          {capture ? (
            <Picture capture={capture} className={styles['picture']} />
          ) : (
            <span className={styles['picture']} />
          )}
          <p>
            <b>{clockText(takenAt)}</b> {opticsLine(optics)}
          </p>
          {capture ? <Custody capture={capture} /> : <p>{say('capture.saved')}</p>}
        </li>
      ))}
    </ol>
  );
}

function Custody({ capture }: { readonly capture: CaptureView }): ReactNode {
  return (
    <div className={styles['custody']}>
      <CustodyStrip steps={capture.strip} compact />
    </div>
  );
}

function OwnShot({ taken }: { readonly taken: Taken }): ReactNode {
  const say = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { small, facts, state, code } = taken;
  useEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(small, 0, 0);
  }, [small]);
  const trouble = state === 'waiting' || state === 'refused';
  return (
    <li className={cx(styles['shot'], trouble && styles['unsaved'])} data-testid="shot" data-state={state}>
      <canvas ref={canvas} width={small.width} height={small.height} className={styles['picture']} aria-hidden="true" />
      <p>
        <b>{clockText(facts.takenAt)}</b> {opticsLine(facts.optics)}
      </p>
      <p className={styles['state']} role="status">
        <StepMark state={state === 'sealed' ? 'done' : trouble ? 'failed' : 'doing'} />
        <b>
          {say(state === 'sealed' ? 'capture.saved' : state === 'sending' ? 'capture.saving' : 'capture.not-saved')}
        </b>
      </p>
      {trouble && code && <p>{codeWords(code)}</p>}
    </li>
  );
}
