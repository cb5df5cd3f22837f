import type { ReactNode } from 'react';
import type { CaptureView } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useWords } from '../../i18n/words.ts';
import styles from './sheet-bar.module.css';

export type Shown = 'unfiled' | 'all';

interface SheetBarProps {
  readonly shown: Shown;
  readonly onShown: (shown: Shown) => void;
  readonly unfiled: number;
  readonly total: number;
  readonly selected: readonly CaptureView[];
  readonly onSelectAll: () => void;
  readonly onSelectNone: () => void;
}

/** Over the contact sheet: what is shown, what is selected. */
export function SheetBar(props: SheetBarProps): ReactNode {
  const say = useWords();
  const sessions = new Set(props.selected.map((one) => one.session)).size;
  return (
    <header className={styles['bar']}>
      <Segmented
        label={say('file.shown')}
        value={props.shown}
        onChange={props.onShown}
        options={[
          { value: 'unfiled', label: say('file.shown.unfiled', { n: props.unfiled }), testId: 'filter-unfiled' },
          { value: 'all', label: say('file.shown.all', { n: props.total }), testId: 'filter-all' },
        ]}
      />
      <span className={styles['count']} aria-live="polite" data-testid="selected-count">
        {say('file.selected', { n: props.selected.length })}
      </span>
      {sessions > 1 && (
        <span className={styles['spans']}>
          <Icon name="warning" size={18} /> {say('file.spans', { n: sessions })}
        </span>
      )}
      <span className={styles['buttons']}>
        {props.selected.length > 0 && (
          <Button look="quiet" onClick={props.onSelectNone} data-testid="select-none">
            {say('file.select-none')}
          </Button>
        )}
        <Button onClick={props.onSelectAll} keys="Ctrl A" data-testid="select-all" disabled={props.unfiled === 0}>
          {say('file.select-all')}
        </Button>
      </span>
    </header>
  );
}
