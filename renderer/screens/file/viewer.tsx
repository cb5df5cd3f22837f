import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import OpenSeadragon from 'openseadragon';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { CaptureView } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { CaptureEvidence } from '../../components/capture-evidence.tsx';
import { Icon } from '../../components/icon.tsx';
import { PatientLine } from '../../components/patient-card.tsx';
import { reasonWords, term } from '../../i18n/codes.ts';
import { bytesText, whenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { badgesOf } from './badges.ts';
import { focusOnMount } from '../../components/focus-on-mount.ts';
import styles from './viewer.module.css';

interface ViewerProps {
  readonly captures: readonly CaptureView[];
  readonly captureId: string;
  readonly selection: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly onShow: (id: string) => void;
  readonly onClose: () => void;
}

/** One picture as large as the screen; the full picture is fetched when one zooms in. */
export function Viewer({ captures, captureId, selection, onToggle, onShow, onClose }: ViewerProps): ReactNode {
  const say = useWords();
  const place = useRef<HTMLDivElement>(null);
  const viewer = useRef<OpenSeadragon.Viewer | null>(null);
  const [failedId, setFailedId] = useState<string | null>(null);
  const failed = failedId === captureId;
  const onFailure = useEffectEvent(() => setFailedId(captureId));
  const [evidence, setEvidence] = useState(false);
  const index = captures.findIndex((one) => one.id === captureId);
  const capture = captures[index];
  const shown = capture?.display === 'ok' && capture.shreddedAt === null;

  function go(by: number): void {
    const next = captures[index + by];
    if (next) onShow(next.id);
  }

  function zoom(by: number): void {
    viewer.current?.viewport?.zoomBy(by);
    viewer.current?.viewport?.applyConstraints();
  }

  useEffect(() => {
    if (!place.current) return undefined;
    const made = makeViewer(place.current, () => onFailure());
    viewer.current = made;
    return () => {
      viewer.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const made = viewer.current;
    if (!made) return undefined;
    if (!shown) made.close();
    else
      made.open({
        tileSource: {
          type: 'image',
          url: `image://view/${captureId}/screen`,
          buildPyramid: false,
        },
      });
    return offerFull(made, captureId);
  }, [captureId, shown]);

  // A capture that leaves the list (filed elsewhere) closes the viewer.
  const gone = index < 0;
  const closeWhenGone = useEffectEvent(onClose);
  useEffect(() => {
    if (gone) closeWhenGone();
  }, [gone]);
  if (!capture) return null;
  const selected = selection.has(capture.id);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target instanceof HTMLButtonElement;
    if (event.key === 'ArrowRight' || event.key === 'PageDown') go(1);
    else if (event.key === 'ArrowLeft' || event.key === 'PageUp') go(-1);
    else if (event.key === '+' || event.key === '=') zoom(1.4);
    else if (event.key === '-') zoom(1 / 1.4);
    else if (event.key === '0') viewer.current?.viewport?.goHome();
    else if (event.key === ' ' && !onButton) onClose();
    else if (event.code === 'KeyX') onToggle(captureId);
    else if (event.code === 'KeyE') setEvidence((open) => !open);
    else return;
    event.preventDefault();
  }

  return (
    <ModalOverlay
      isOpen
      className={styles['overlay'] ?? ''}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={styles['modal'] ?? ''}>
        <Dialog aria-label={say('viewer.title', { name: capture.name })} className={styles['dialog'] ?? ''}>
          {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
          <div className={styles['viewer']} data-testid="viewer" data-capture-id={capture.id} onKeyDown={onKeyDown}>
            <header className={styles['bar']}>
              <div className={styles['what']}>
                <h2>{capture.name}</h2>
                <p data-testid="viewer-patient">
                  {capture.filing ? (
                    <>
                      <b>{capture.filing.patient.name.display}</b> <PatientLine patient={capture.filing.patient} />
                    </>
                  ) : (
                    say('viewer.nobody')
                  )}
                </p>
                <p>
                  {[
                    say('viewer.of', { n: index + 1, total: captures.length }),
                    capture.capturedAt?.replace('T', ' ').slice(0, 19),
                    capture.camera,
                    capture.width && capture.height ? `${capture.width} × ${capture.height}` : null,
                    bytesText(capture.bytes),
                    term('stage', capture.stage),
                    ...badgesOf(capture).map((badge) => say(badge.word)),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              </div>
              {capture.stage === 'unfiled' && (
                <Button
                  icon={selected ? 'check' : 'plus'}
                  keys="X"
                  aria-pressed={selected}
                  onClick={() => onToggle(capture.id)}
                >
                  {say(selected ? 'viewer.selected' : 'viewer.select')}
                </Button>
              )}
              <Button icon="paper" keys="E" aria-pressed={evidence} onClick={() => setEvidence(!evidence)}>
                {say('viewer.evidence')}
              </Button>
              <Button icon="cross" keys="Esc" onClick={onClose} ref={focusOnMount} data-testid="viewer-close">
                {say('close')}
              </Button>
            </header>
            <div className={styles['stage']}>
              <div ref={place} className={styles['picture']} hidden={!shown || failed} />
              {capture.display === 'waiting' && (
                <div className={styles['none']}>
                  <Icon name="clock" size={64} />
                  <p>{say('picture.waiting')}</p>
                </div>
              )}
              {capture.shreddedAt !== null && (
                <div className={styles['none']}>
                  <Icon name="archive" size={64} />
                  <h3>{say('picture.shredded')}</h3>
                  <p>{say('evidence.shredded', { at: whenText(capture.shreddedAt), stage: capture.stage })}</p>
                </div>
              )}
              {capture.shreddedAt === null && (capture.display === 'cannot' || failed) && (
                <div className={styles['none']}>
                  <Icon name="hidden" size={64} />
                  <h3>{say('picture.cannot')}</h3>
                  <p>{say('picture.cannot.text')}</p>
                  {capture.displayReason && <p>{reasonWords(capture.displayReason)}</p>}
                </div>
              )}
              <button
                type="button"
                className={styles['previous']}
                disabled={index === 0}
                aria-label={say('viewer.previous')}
                onClick={() => go(-1)}
              >
                <Icon name="back" size={36} />
              </button>
              <button
                type="button"
                className={styles['next']}
                disabled={index === captures.length - 1}
                aria-label={say('viewer.next')}
                onClick={() => go(1)}
              >
                <Icon name="next" size={36} />
              </button>
              {shown && !failed && (
                <div className={styles['zoom']}>
                  <button type="button" aria-label={say('viewer.out')} onClick={() => zoom(1 / 1.4)}>
                    <Icon name="minus" />
                  </button>
                  <button
                    type="button"
                    aria-label={say('viewer.fit')}
                    onClick={() => viewer.current?.viewport?.goHome()}
                  >
                    <Icon name="fit" />
                  </button>
                  <button type="button" aria-label={say('viewer.in')} onClick={() => zoom(1.4)}>
                    <Icon name="plus" />
                  </button>
                </div>
              )}
              {evidence && (
                <aside className={styles['evidence']} aria-label={say('viewer.evidence')}>
                  <CaptureEvidence captureId={capture.id} />
                </aside>
              )}
            </div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function makeViewer(element: HTMLElement, onFailure: () => void): OpenSeadragon.Viewer {
  const made = OpenSeadragon({
    element,
    drawer: 'canvas',
    crossOriginPolicy: 'Anonymous',
    showNavigationControl: false,
    showNavigator: false,
    animationTime: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 0.25,
    minZoomImageRatio: 1,
    maxZoomPixelRatio: 4,
    visibilityRatio: 1,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
  });
  // The window's own keys: arrows turn the page, they do not pan.
  made.addHandler('canvas-key', (event) => {
    (event as { preventDefaultAction?: boolean }).preventDefaultAction = true;
  });
  made.addHandler('open-failed', onFailure);
  // Tells whoever looks from outside (tests, screen recordings) that the picture stands.
  made.addHandler('open', () => (element.dataset['open'] = 'true'));
  made.addHandler('close', () => delete element.dataset['open']);
  return made;
}

/** Lays the full picture over the screen-sized one as soon as somebody zooms in. */
function offerFull(viewer: OpenSeadragon.Viewer, captureId: string): () => void {
  let asked = false;
  function onZoom(): void {
    const { viewport } = viewer;
    if (asked || !viewport || viewport.getZoom() < viewport.getHomeZoom() * 1.3) return;
    asked = true;
    viewer.addTiledImage({
      tileSource: { type: 'image', url: `image://view/${captureId}/full`, buildPyramid: false },
      x: 0,
      y: 0,
      width: 1,
    });
  }
  viewer.addHandler('zoom', onZoom);
  return () => viewer.removeHandler('zoom', onZoom);
}
