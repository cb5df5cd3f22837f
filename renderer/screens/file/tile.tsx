import type { ReactNode } from 'react';
import { GridListItem } from 'react-aria-components';
import type { CaptureView } from '../../../shared/contract.ts';
import { cx } from '../../components/cx.ts';
import { Icon } from '../../components/icon.tsx';
import { Picture } from '../../components/picture.tsx';
import { term } from '../../i18n/codes.ts';
import { cameraTimeText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { badgesOf } from './badges.ts';
import styles from './tile.module.css';

interface TileProps {
  readonly capture: CaptureView;
  readonly onView: (id: string) => void;
}

/** One picture of the contact sheet, with everything that matters before it is filed. */
export function Tile({ capture, onView }: TileProps): ReactNode {
  const say = useWords();
  const time = capture.capturedAt === null ? say('tile.no-time') : cameraTimeText(capture.capturedAt);
  const filed = capture.stage !== 'unfiled';
  return (
    <GridListItem
      id={capture.id}
      textValue={`${capture.name} ${time}`}
      className={cx(styles['tile'], filed && styles['filed'])}
      data-testid="tile"
      data-capture-id={capture.id}
      data-stage={capture.stage}
      data-display={capture.display}
    >
      {({ isSelected }) => (
        <div className={styles['inside']} onDoubleClick={() => onView(capture.id)}>
          <Picture key={capture.display} capture={capture} className={styles['picture']} worded />
          <span className={cx(styles['tick'], isSelected && styles['ticked'])} aria-hidden="true">
            {isSelected && <Icon name="check" size={22} />}
          </span>
          <button
            type="button"
            className={styles['view']}
            tabIndex={-1}
            aria-label={say('tile.view', { name: capture.name })}
            onPointerDown={(event) => event.stopPropagation()}
            onMouseDown={(event) => event.stopPropagation()}
            onClick={(event) => {
              event.stopPropagation();
              onView(capture.id);
            }}
          >
            <Icon name="search" size={20} />
          </button>
          <span className={styles['badges']}>
            {badgesOf(capture).map((badge) => (
              <span key={badge.word} className={cx(styles['badge'], styles[badge.look])}>
                {say(badge.word)}
              </span>
            ))}
          </span>
          <span className={styles['foot']}>
            <b>{capture.name}</b>
            {filed ? (
              <span className={styles['stage']}>{term('stage', capture.stage)}</span>
            ) : (
              <span title={time}>{capture.capturedAt === null ? time : time.slice(0, 5)}</span>
            )}
          </span>
        </div>
      )}
    </GridListItem>
  );
}
