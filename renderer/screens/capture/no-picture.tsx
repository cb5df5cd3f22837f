import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { NothingHere, Waiting } from '../../components/note.tsx';
import type { IconName } from '../../components/icon.tsx';
import { useWords } from '../../i18n/words.ts';
import type { MessageId } from '../../i18n/words.ts';
import type { Camera, CameraPhase } from './camera.ts';
import { start } from './camera.ts';
import styles from './no-picture.module.css';

type Without = Exclude<CameraPhase, 'starting' | 'choose' | 'live' | 'not-docked'>;

const WORDS: Readonly<Record<Without, { icon: IconName; title: MessageId; text: MessageId }>> = {
  none: { icon: 'dermatoscope', title: 'capture.no-camera', text: 'capture.no-camera.text' },
  refused: { icon: 'lock', title: 'capture.refused', text: 'capture.refused.text' },
  busy: { icon: 'stop', title: 'capture.busy', text: 'capture.busy.text' },
  lost: { icon: 'unplug', title: 'capture.lost', text: 'capture.lost.text' },
  failed: { icon: 'warning', title: 'capture.failed', text: 'capture.failed.text' },
};

/** In the place of the live picture: why there is none, and what to do. */
export function NoPicture({ camera }: { readonly camera: Camera }): ReactNode {
  const say = useWords();
  const { phase } = camera;
  if (phase === 'starting' || phase === 'live' || phase === 'not-docked') {
    return (
      <div className={styles['place']}>
        <Waiting label={say('capture.starting')} />
      </div>
    );
  }
  if (phase === 'choose') {
    return (
      <div className={styles['place']} data-testid="capture-choose">
        <NothingHere icon="dermatoscope" title={say('capture.choose')}>
          <p>{say('capture.choose.text')}</p>
          <ul className={styles['choices']}>
            {camera.choices.map((choice) => (
              <li key={choice.deviceId}>
                <Button big icon="camera" data-testid="camera-choice" onClick={() => void start(choice)}>
                  {choice.label}
                </Button>
              </li>
            ))}
          </ul>
        </NothingHere>
      </div>
    );
  }
  const { icon, title, text } = WORDS[phase];
  return (
    <div className={styles['place']} role="alert" data-testid="no-picture">
      <NothingHere icon={icon} title={say(title)}>
        <p>{say(text)}</p>
        <Button big icon="again" onClick={() => void start()} data-testid="camera-again">
          {say('try-again')}
        </Button>
      </NothingHere>
    </div>
  );
}
