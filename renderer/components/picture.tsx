import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CaptureView } from '../../shared/contract.ts';
import { useWords } from '../i18n/words.ts';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import styles from './picture.module.css';

interface PictureProps {
  readonly capture: Pick<CaptureView, 'id' | 'display' | 'name' | 'shreddedAt'>;
  readonly className?: string | undefined;
  readonly worded?: boolean;
}

/** A small picture, or the honest reason why there is none: still being made, or it cannot be displayed (and is sealed all the same). */
export function Picture({ capture, className, worded = false }: PictureProps): ReactNode {
  const say = useWords();
  const [failed, setFailed] = useState(false);
  const shredded = capture.shreddedAt !== null;
  if (capture.display === 'ok' && !failed && !shredded) {
    return (
      <span className={cx(styles['frame'], className)}>
        <img
          src={`image://view/${capture.id}/thumb`}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setFailed(true)}
        />
      </span>
    );
  }
  const waiting = capture.display === 'waiting';
  return (
    <span className={cx(styles['frame'], styles['none'], className)}>
      <Icon name={shredded ? 'archive' : waiting ? 'clock' : 'hidden'} size={worded ? 32 : 22} />
      {worded && <span>{say(shredded ? 'picture.shredded' : waiting ? 'picture.waiting' : 'picture.cannot')}</span>}
    </span>
  );
}
