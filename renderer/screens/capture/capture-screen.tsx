import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { Optics } from '../../../shared/contract/capture.ts';
import { NO_OPTICS } from '../../../shared/contract/capture.ts';
import { Button } from '../../components/button.tsx';
import { Note } from '../../components/note.tsx';
import { tellTrouble } from '../../components/tell-trouble.ts';
import { connection, framesWaiting } from '../../data/live.ts';
import { useButton } from '../../data/use-button.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { useMay } from '../../data/use-session.ts';
import { codeWords } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import { describedAs, putAway, showCamera, useCamera } from './camera.ts';
import { DeviceCard } from './device-card.tsx';
import { NoPicture } from './no-picture.tsx';
import { OPTICS_KEYS, opticsLine, sameOptics } from './optics.ts';
import { OpticsPanel } from './optics-panel.tsx';
import { Shots } from './shots.tsx';
import { Stage } from './stage.tsx';
import type { Frozen } from './taken.ts';
import { freeze, keep, sendAgain, useTaken } from './taken.ts';
import styles from './capture-screen.module.css';

/** The live picture of a dermatoscope: take, look, keep or take again. What is kept is sealed at once and filed like every other picture. */
export function CaptureScreen(): ReactNode {
  const say = useWords();
  const camera = useCamera();
  const { dockingId, device, phase } = camera;
  const taken = useTaken();
  const waiting = framesWaiting.use();
  const connected = connection.use() === 'connected';
  const video = useRef<HTMLVideoElement>(null);
  const [frozen, setFrozen] = useState<Frozen | null>(null);
  const [changed, setChanged] = useState<Optics | null>(null);
  const remember = useAct('capture.optics');
  const optics = changed ?? device?.optics ?? NO_OPTICS;
  const ready = phase === 'live' && !camera.awaitsApproval;

  useEffect(showCamera, []);
  useEffect(() => {
    if (connected) sendAgain();
  }, [connected]);
  // Another device has other optics.
  const mediumId = device?.mediumId;
  const [seenMedium, setSeenMedium] = useState(mediumId);
  if (mediumId !== seenMedium) {
    setSeenMedium(mediumId);
    if (seenMedium !== undefined) setChanged(null);
  }

  function take(): void {
    if (ready && !frozen && video.current && video.current.videoWidth > 0) setFrozen(freeze(video.current));
  }
  function keepIt(): void {
    if (!frozen || dockingId === null) return;
    setFrozen(null);
    keep(frozen, dockingId, optics).catch(tellTrouble);
  }
  const press = (): void => (frozen ? keepIt() : take());
  useButton('capture', press);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
    const optic = OPTICS_KEYS[event.code];
    if (event.key === ' ' || event.key === 'Enter') press();
    else if (frozen && (event.code === 'KeyR' || event.key === 'Escape')) setFrozen(null);
    else if (optic) setChanged(optic(optics));
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);

  const here = taken.filter((one) => one.state === 'sending' || one.state === 'waiting').length;
  const noteOptics = (): void => {
    if (!device) return;
    remember.mutate(
      { mediumId: device.mediumId, optics },
      {
        onSuccess: (described) => {
          describedAs(described);
          setChanged(null);
        },
        onError: tellTrouble,
      },
    );
  };

  return (
    <div className={styles['screen']} data-testid="capture-screen" data-phase={phase}>
      <h1 className="visually-hidden">{say('nav.capture')}</h1>
      <div className={styles['left']}>
        {/* A picture that is frozen stays, whatever becomes of the camera. */}
        {camera.stream || frozen ? (
          <Stage
            ref={video}
            stream={camera.stream}
            frozen={frozen?.canvas ?? null}
            width={frozen?.canvas.width ?? camera.width}
            height={frozen?.canvas.height ?? camera.height}
            optics={opticsLine(optics)}
          />
        ) : (
          <NoPicture camera={camera} />
        )}
        {waiting > here && (
          <Note tone="warn" live data-testid="frames-waiting">
            {say('capture.waiting-before', { n: waiting - here })}
          </Note>
        )}
        <Shots dockingId={dockingId} />
      </div>
      <aside className={styles['panel']}>
        <div className={styles['acts']}>
          {frozen ? (
            <>
              <Button
                look="primary"
                big
                icon="check"
                keys="Space"
                className={styles['take']}
                data-testid="keep"
                onClick={keepIt}
              >
                {say('capture.keep')}
              </Button>
              <Button big icon="again" keys="R" data-testid="retake" onClick={() => setFrozen(null)}>
                {say('capture.retake')}
              </Button>
            </>
          ) : (
            <Button
              look="primary"
              big
              icon="camera"
              keys="Space"
              className={styles['take']}
              disabled={!ready}
              data-testid="take"
              onClick={take}
            >
              {say('capture.take')}
            </Button>
          )}
          {phase === 'not-docked' && camera.code && (
            <Note tone="bad" live>
              {codeWords(camera.code)} {say('capture.goes-on')}
            </Note>
          )}
          {frozen && phase === 'lost' && (
            <Note tone="warn" live>
              {say('capture.lost')}. {say('capture.lost.text')}
            </Note>
          )}
          {camera.awaitsApproval && <Note tone="warn">{say('capture.awaits-approval')}</Note>}
        </div>
        {device && (
          <>
            <DeviceCard device={device} others={camera.choices.length > 1} onChange={() => void putAway()} />
            <OpticsPanel
              optics={optics}
              onChange={setChanged}
              onRemember={sameOptics(optics, device.optics) ? null : noteOptics}
            />
          </>
        )}
        {dockingId !== null && <ToFile dockingId={dockingId} />}
      </aside>
    </div>
  );
}

/** The way on: the pictures of this docking, on the File screen. */
function ToFile({ dockingId }: { readonly dockingId: string }): ReactNode {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const unfiled = useCall('captures.list', { dockingId, stage: 'unfiled' });
  const n = unfiled.data?.captures.length ?? 0;
  if (n === 0) return null;
  if (!may('file')) return <p className={styles['waits']}>{say('lane.waits', { n })}</p>;
  return (
    <Button
      big
      icon="picture"
      className={styles['file']}
      data-testid="capture-file"
      onClick={() => void navigate({ to: '/file', search: { docking: dockingId } })}
    >
      {say('lane.file', { n })}
    </Button>
  );
}

/** A key that is meant for what has the focus: a field, a button, a dialog. */
function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, button, a, [role="dialog"], [role="alertdialog"]') !== null
  );
}
