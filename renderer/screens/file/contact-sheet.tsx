import { useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { GridLayout, GridList, Size, Virtualizer } from 'react-aria-components';
import type { CaptureView } from '../../../shared/contract.ts';
import type { ArrivingTile as Arriving } from '../../components/tether/arriving-tiles.ts';
import { useWords } from '../../i18n/words.ts';
import { ArrivingTile } from './arriving-tile.tsx';
import { Tile } from './tile.tsx';
import styles from './contact-sheet.module.css';

interface ContactSheetProps {
  readonly captures: readonly CaptureView[];
  /** What is on its way from a device, at the end of the sheet. */
  readonly arriving: readonly Arriving[];
  /** The sheet goes to the newest picture as pictures come. */
  readonly following: boolean;
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

type OnSheet =
  | { readonly id: string; readonly capture: CaptureView }
  | { readonly id: string; readonly capture: null; readonly tile: Arriving };

/** The contact sheet: only what is in sight is drawn, so three thousand pictures are as quick as thirty. */
export function ContactSheet({
  captures,
  arriving,
  following,
  selection,
  onSelection,
  onToggle,
  onView,
}: ContactSheetProps): ReactNode {
  const say = useWords();
  const sheet = useRef<HTMLDivElement>(null);
  const items = useMemo<OnSheet[]>(
    () => [
      ...captures.map((capture) => ({ id: capture.id, capture })),
      ...arriving.map((tile) => ({ id: tile.id, capture: null, tile })),
    ],
    [captures, arriving],
  );
  const notToSelect = useMemo(() => arriving.map((tile) => tile.id), [arriving]);
  useScrollToNewest(sheet, items.length, following);

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
          ref={sheet}
          aria-label={say('file.sheet')}
          className={styles['sheet'] ?? ''}
          data-testid="contact-sheet"
          layout="grid"
          selectionMode="multiple"
          selectionBehavior="toggle"
          disallowTypeAhead
          disabledKeys={notToSelect}
          disabledBehavior="selection"
          selectedKeys={selection}
          onSelectionChange={(keys) =>
            // The kit's own set goes back as it came: it remembers where a range began.
            onSelection(keys === 'all' ? new Set(captures.map((capture) => capture.id)) : (keys as Set<string>))
          }
          items={items}
        >
          {(item) =>
            item.capture ? <Tile capture={item.capture} onView={onView} /> : <ArrivingTile tile={item.tile} />
          }
        </GridList>
      </Virtualizer>
    </div>
  );
}

/** Goes to the end of the sheet when something was added to it; the kit needs one drawing to know how long it has become. */
function useScrollToNewest(sheet: { readonly current: HTMLElement | null }, count: number, following: boolean): void {
  const before = useRef(count);
  useEffect(() => {
    const grew = count > before.current;
    before.current = count;
    if (!grew || !following) return undefined;
    let frame = window.requestAnimationFrame(() => {
      frame = window.requestAnimationFrame(() => {
        sheet.current?.scrollTo({ top: sheet.current.scrollHeight });
      });
    });
    return () => window.cancelAnimationFrame(frame);
  }, [sheet, count, following]);
}
