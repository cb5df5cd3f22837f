import type { KeyboardEvent, ReactNode } from 'react';
import { GridLayout, GridList, Size, Virtualizer } from 'react-aria-components';
import type { CaptureView } from '../../../shared/contract.ts';
import { useWords } from '../../i18n/words.ts';
import { Tile } from './tile.tsx';
import styles from './contact-sheet.module.css';

interface ContactSheetProps {
  readonly captures: readonly CaptureView[];
  readonly selection: ReadonlySet<string>;
  readonly onSelection: (selection: ReadonlySet<string>) => void;
  readonly onToggle: (id: string) => void;
  readonly onView: (id: string) => void;
}

const LAYOUT = {
  minItemSize: new Size(176, 196),
  maxItemSize: new Size(260, 270),
  minSpace: new Size(12, 12),
  // Sizes are known without measuring: scrolling through thousands never jumps.
  preserveAspectRatio: true,
};

/** The contact sheet: only what is in sight is drawn, so three thousand pictures are as quick as thirty. */
export function ContactSheet({ captures, selection, onSelection, onToggle, onView }: ContactSheetProps): ReactNode {
  const say = useWords();

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id =
      event.target instanceof Element
        ? event.target.closest('[data-capture-id]')?.getAttribute('data-capture-id')
        : null;
    if (!id) return;
    if (event.key === ' ') onView(id);
    else if (event.code === 'KeyX') onToggle(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={styles['wrap']} onKeyDownCapture={onKeyDown}>
      <Virtualizer layout={GridLayout} layoutOptions={LAYOUT}>
        <GridList
          aria-label={say('file.sheet')}
          className={styles['sheet'] ?? ''}
          data-testid="contact-sheet"
          layout="grid"
          selectionMode="multiple"
          selectionBehavior="toggle"
          disallowTypeAhead
          selectedKeys={selection}
          onSelectionChange={(keys) =>
            // The kit's own set goes back as it came: it remembers where a range began.
            onSelection(keys === 'all' ? new Set(captures.map((capture) => capture.id)) : (keys as Set<string>))
          }
          items={captures}
        >
          {(capture) => <Tile capture={capture} onView={onView} />}
        </GridList>
      </Virtualizer>
    </div>
  );
}
