import type { ReactNode } from 'react';
import type { ButtonView } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Icon } from '../../components/icon.tsx';
import { agoText, whenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import styles from './buttons.module.css';

interface ButtonLineProps {
  readonly button: ButtonView;
  /** It was pressed just now. */
  readonly lit: boolean;
  readonly now: number;
  /** Null: this person does not teach. */
  readonly onRemove: (() => void) | null;
}

/** A taught button: what it is, whether it is there, and when it was pressed. It shines when somebody presses it. */
export function ButtonLine({ button, lit, now, onRemove }: ButtonLineProps): ReactNode {
  const say = useWords();
  const { id, label, source, deviceName, connected, lastPressedAt, taughtAt, taughtBy } = button;
  return (
    <tr
      className={cx(lit && styles['lit'])}
      data-testid="button-line"
      data-button-id={id}
      data-connected={connected}
      data-lit={lit}
    >
      <td>
        <b className={styles['label']}>{label}</b>
        <small>{say(`buttons.does.${button.action}`)}</small>
      </td>
      <td>
        {deviceName || say('buttons.unnamed')}
        <small>{say(`buttons.source.${source}`)}</small>
      </td>
      <td>
        <span className={connected ? styles['there'] : styles['away']}>
          <Icon name={connected ? 'check' : 'unplug'} size={18} />
          {say(connected ? 'buttons.connected' : 'buttons.away')}
        </span>
      </td>
      <td>
        <span className={cx(styles['pressed'], lit && styles['shining'])} role="status">
          {lit && <Icon name="hand" size={22} />}
          {lit
            ? say('buttons.pressed-now', { label })
            : lastPressedAt === null
              ? say('buttons.not-pressed')
              : agoText(lastPressedAt, now)}
        </span>
      </td>
      <td>
        {whenText(taughtAt)}
        <small>{taughtBy}</small>
      </td>
      <td>
        {onRemove && (
          <Button icon="erase" onClick={onRemove} data-testid="button-remove">
            {say('buttons.remove')}
          </Button>
        )}
      </td>
    </tr>
  );
}
