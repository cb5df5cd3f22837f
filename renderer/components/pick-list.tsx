import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { Keys } from './button.tsx';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import styles from './pick-list.module.css';

interface PickListProps<T> {
  readonly label: string;
  readonly keys: string;
  readonly placeholder: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly items: readonly T[];
  readonly idOf: (item: T) => string;
  readonly render: (item: T) => ReactNode;
  readonly onPick: (item: T) => void;
  /** The items answer this very query: until then Enter waits, so that it never picks from an older answer. */
  readonly fresh: boolean;
  readonly empty: string;
  /** The list shows even while the field has no focus. */
  readonly alwaysOpen?: boolean;
  readonly above?: ReactNode;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly inputTestId: string;
  readonly optionTestId: string;
}

/** A search field with its answers below it, in the page and not floating over it. Type, arrow, Enter. */
export function PickList<T>(props: PickListProps<T>): ReactNode {
  const { query, items, idOf, onPick, fresh, alwaysOpen = false, inputRef } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [moved, setMoved] = useState({ query: '', index: 0 });
  const [focused, setFocused] = useState(false);
  /** The query for which Enter was pressed before its answer had come. */
  const waitingFor = useRef<string | null>(null);
  const open = alwaysOpen || focused || query !== '';
  const index = Math.min(moved.query === query ? moved.index : 0, items.length - 1);
  const setActive = (next: number): void => setMoved({ query, index: next });

  useEffect(() => {
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  useEffect(() => {
    if (waitingFor.current === null || !fresh) return;
    const asked = waitingFor.current;
    waitingFor.current = null;
    const first = items[0];
    if (asked === query && first !== undefined) onPick(first);
  }, [fresh, items, query, onPick]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case 'ArrowDown':
        setActive(Math.min(index + 1, items.length - 1));
        break;
      case 'ArrowUp':
        setActive(Math.max(index - 1, 0));
        break;
      case 'PageDown':
        setActive(Math.min(index + 5, items.length - 1));
        break;
      case 'PageUp':
        setActive(Math.max(index - 5, 0));
        break;
      case 'Enter': {
        const chosen = items[index];
        if (!fresh) waitingFor.current = query;
        else if (chosen !== undefined) onPick(chosen);
        break;
      }
      case 'Escape':
        if (query === '') inputRef.current?.blur();
        else props.onQuery('');
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  return (
    <div className={styles['pick']}>
      <label htmlFor={`${id}-input`} className={styles['label']}>
        {props.label} <Keys>{props.keys}</Keys>
      </label>
      <div className={styles['search']}>
        <Icon name="search" />
        <input
          id={`${id}-input`}
          ref={inputRef}
          role="combobox"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open && items.length > 0 ? `${id}-${index}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={props.placeholder}
          value={query}
          data-testid={props.inputTestId}
          onChange={(event) => props.onQuery(event.target.value)}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false);
            waitingFor.current = null;
          }}
        />
      </div>
      {open && (
        <>
          {props.above}
          <div
            id={`${id}-list`}
            ref={list}
            role="listbox"
            aria-label={props.label}
            aria-busy={!fresh}
            className={styles['list']}
            hidden={items.length === 0}
          >
            {items.map((item, at) => (
              // The keys are the field's: an option is never focused itself (aria-activedescendant).
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
              <div
                key={idOf(item)}
                id={`${id}-${at}`}
                role="option"
                aria-selected={at === index}
                className={cx(styles['option'], at === index && (focused || query !== '') && styles['active'])}
                data-testid={props.optionTestId}
                data-id={idOf(item)}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => onPick(item)}
              >
                {props.render(item)}
              </div>
            ))}
          </div>
          {items.length === 0 && fresh && <p className={styles['empty']}>{props.empty}</p>}
        </>
      )}
    </div>
  );
}
