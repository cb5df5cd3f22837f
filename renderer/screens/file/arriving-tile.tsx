import type { ReactNode } from 'react';
import { GridListItem } from 'react-aria-components';
import { cx } from '../../components/cx.ts';
import { ArrivingPicture } from '../../components/tether/arriving-picture.tsx';
import type { ArrivingTile as Arriving } from '../../components/tether/arriving-tiles.ts';
import { term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import styles from './tile.module.css';

/** A picture on its way from the device: its name and how far it is. It can be filed as soon as it is sealed and proven. */
export function ArrivingTile({ tile }: { readonly tile: Arriving }): ReactNode {
  const say = useWords();
  const state = term('arriving', tile.stage);
  return (
    <GridListItem
      id={tile.id}
      textValue={say('arriving.tile', { name: tile.name, state })}
      className={cx(styles['tile'], styles['arriving'])}
      data-testid="arriving-tile"
      data-stage={tile.stage}
    >
      <div className={styles['inside']}>
        <ArrivingPicture key={tile.pictureOf} tile={tile} className={styles['picture']} />
        <span className={styles['foot']}>
          <b>{tile.name}</b>
          <span className={styles['coming']}>{state}</span>
        </span>
      </div>
    </GridListItem>
  );
}
