import { useState } from 'react';
import type { ReactNode } from 'react';
import { cx } from '../cx.ts';
import { Icon } from '../icon.tsx';
import type { ArrivingTile } from './arriving-tiles.ts';
import styles from './arriving-picture.module.css';

interface ArrivingPictureProps {
  readonly tile: ArrivingTile;
  readonly className?: string | undefined;
}

/** The device's own small picture of what is coming, or a quiet place for it. */
export function ArrivingPicture({ tile, className }: ArrivingPictureProps): ReactNode {
  const [failed, setFailed] = useState(false);
  return (
    <span className={cx(styles['frame'], className)}>
      {tile.pictureOf !== null && !failed ? (
        <img
          src={`image://view/${tile.pictureOf}/thumb`}
          alt=""
          decoding="async"
          draggable={false}
          onError={() => setFailed(true)}
        />
      ) : (
        <Icon name="picture" size={28} />
      )}
    </span>
  );
}
