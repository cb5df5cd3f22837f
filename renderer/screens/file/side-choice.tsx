import type { ReactNode, RefObject } from 'react';
import { Keys } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import type { Side } from './filing-choice.ts';
import styles from './side-choice.module.css';

interface SideChoiceProps {
  readonly groupRef: RefObject<HTMLDivElement | null>;
  readonly sides: readonly Side[];
  readonly side: Side | null;
  readonly onSide: (side: Side) => void;
}

/** Right, left, both: big enough for gloves. Shown only where the region can have a side. */
export function SideChoice({ groupRef, sides, side, onSide }: SideChoiceProps): ReactNode {
  const say = useWords();
  return (
    <fieldset className={styles['field']}>
      <legend>
        {say('side.label')} <Keys>S</Keys>
      </legend>
      <div ref={groupRef} className={styles['sides']} data-side-group="">
        {sides.map((one) => (
          <label key={one} className={cx(styles['side'], one === side && styles['chosen'])} data-testid={`side-${one}`}>
            <input type="radio" name="side" value={one} checked={one === side} onChange={() => onSide(one)} />
            <span className={styles['dot']} aria-hidden="true" />
            {term('side', one)} <Keys>{one}</Keys>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
