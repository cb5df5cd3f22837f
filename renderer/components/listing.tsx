import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { NothingHere } from './note.tsx';
import styles from './listing.module.css';

interface ListingProps {
  /** The words above the columns. */
  readonly heads: readonly string[];
  /** What the last column is for, where it holds buttons: read out, not shown. */
  readonly lastHead?: string;
  /** The lines: `tr` elements. */
  readonly children: ReactNode;
  /** Names the list, and lets the keyboard scroll it: for lists whose lines have nothing to press. */
  readonly label?: string;
  readonly className?: string | undefined;
  readonly 'data-testid'?: string;
}

/** A list of many things, a line each, in a frame that scrolls sideways where the window is narrow. */
export function Listing({ heads, lastHead, children, label, className, ...rest }: ListingProps): ReactNode {
  return (
    <div className={styles['frame']} {...(label && { role: 'region', 'aria-label': label, tabIndex: 0 })}>
      <table className={cx(styles['table'], className)} data-testid={rest['data-testid']}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{head}</th>
            ))}
            {lastHead && (
              <th>
                <span className="visually-hidden">{lastHead}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** Where a list would stand that has no lines: what would fill it. */
export function NothingListed(props: Parameters<typeof NothingHere>[0]): ReactNode {
  return (
    <section className={styles['frame']}>
      <NothingHere {...props} />
    </section>
  );
}
