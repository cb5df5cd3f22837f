import type { ReactNode } from 'react';
import type { DockingView } from '../../../shared/contract.ts';
import { ArrivingPicture } from '../../components/tether/arriving-picture.tsx';
import { stripOrder } from '../../components/tether/arriving-tiles.ts';
import { useArriving } from '../../components/tether/use-arriving.ts';
import { term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import styles from './live-strip.module.css';

/** More than fit into the widest window are not drawn. */
const MOST = 24;

/** One row of what is coming from a device: just taken first, then what is read next. Its height never changes: nothing below it jumps while pictures come and go. */
export function LiveStrip({ docking }: { readonly docking: DockingView }): ReactNode {
  const say = useWords();
  const tiles = useArriving(docking);
  const shown = stripOrder(tiles, docking.startedAt).slice(0, MOST);
  return (
    <div className={styles['strip']} role="group" aria-label={say('arriving.label')} data-testid="live-strip">
      {shown.length === 0 ? (
        <p className={styles['none']}>{say(docking.live ? 'arriving.none' : 'arriving.wait')}</p>
      ) : (
        <ul>
          {shown.map((tile) => (
            <li key={tile.id} className={styles[tile.stage]} data-testid="arriving" data-stage={tile.stage}>
              <ArrivingPicture key={tile.pictureOf} tile={tile} className={styles['picture']} />
              <b>{tile.name}</b>
              <span>{term('arriving', tile.stage)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
