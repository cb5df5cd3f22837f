import { useEffect, useRef } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useWords } from '../../i18n/words.ts';
import styles from './stage.module.css';

interface StageProps {
  readonly ref: RefObject<HTMLVideoElement | null>;
  /** Null when the camera is gone: then there is a frozen picture. */
  readonly stream: MediaStream | null;
  /** The frozen picture, shown in the place of the live one. */
  readonly frozen: HTMLCanvasElement | null;
  readonly width: number;
  readonly height: number;
  readonly optics: string;
}

/** The live picture, whole and as large as it goes; or the frozen one in its place. */
export function Stage({ ref, stream, frozen, width, height, optics }: StageProps): ReactNode {
  const say = useWords();
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const video = ref.current;
    if (!video) return undefined;
    video.srcObject = stream;
    if (stream) video.play().catch(() => undefined);
    return () => {
      video.srcObject = null;
    };
  }, [ref, stream]);
  useEffect(() => {
    holder.current?.replaceChildren(...(frozen ? [frozen] : []));
  }, [frozen]);
  return (
    <div className={styles['stage']} data-testid="stage" data-frozen={frozen !== null}>
      <video ref={ref} muted playsInline className={styles['live']} aria-label={say('capture.live')} />
      <div
        ref={holder}
        className={styles['frozen']}
        hidden={frozen === null}
        role="img"
        aria-label={say('capture.frozen')}
      />
      <p className={styles['mark']} role="status">
        <b>{say(frozen ? 'capture.frozen' : 'capture.live')}</b>
        <span data-testid="stage-size">{say('capture.size', { width, height })}</span>
        {optics && <span>{optics}</span>}
      </p>
    </div>
  );
}
