import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import { Field } from '../../components/field.tsx';
import { Listing, NothingListed } from '../../components/listing.tsx';
import { Trouble, Waiting } from '../../components/note.tsx';
import { Screen, ScreenHead } from '../../components/screen.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useNow } from '../../data/use-now.ts';
import { useCall } from '../../data/use-call.ts';
import { useWords } from '../../i18n/words.ts';
import { matches, MEDIA_FILTERS, passes } from './media-filter.ts';
import type { MediaFilter } from './media-filter.ts';
import { MediaLine } from './media-line.tsx';
import { MediumDrawer } from './medium-drawer.tsx';
import styles from './media.module.css';

/** So many lines are drawn at most: whoever looks further searches. */
const MOST_LINES = 300;
/** Loans become overdue by themselves. */
const LOOK_AGAIN_MS = 60_000;

/** Every medium that was ever docked: whose it is, where it is, what is on it, and whether its clock is right. */
export function MediaScreen(): ReactNode {
  const say = useWords();
  const list = useCall('media.list', {}, { every: LOOK_AGAIN_MS });
  const [filter, setFilter] = useState<MediaFilter>('all');
  const [query, setQuery] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const now = useNow();
  const media = list.data?.media ?? [];
  const shown = media.filter((medium) => passes(medium, filter, now) && matches(medium, query));
  const open = media.find((medium) => medium.id === opened);

  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const typing = event.target instanceof HTMLInputElement;
      if (event.key !== '/' || typing || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      search.current?.focus();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <Screen>
      <ScreenHead title={say('media.title')} text={say('media.text')}>
        <Link to="/buttons" className={styles['link']} data-testid="media-buttons">
          {say('buttons.link')}
        </Link>
      </ScreenHead>
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {list.data && media.length === 0 && (
        <NothingListed icon="card" title={say('media.empty')}>
          <p>{say('media.empty.text')}</p>
        </NothingListed>
      )}
      {media.length > 0 && (
        <>
          <div className={styles['find']}>
            <Field
              label={say('media.search')}
              keys="/"
              placeholder={say('media.search.placeholder')}
              value={query}
              onChange={setQuery}
              type="search"
              ref={search}
              className={styles['search']}
              data-testid="media-search"
            />
            <Segmented
              label={say('media.filter')}
              value={filter}
              onChange={setFilter}
              options={MEDIA_FILTERS.map((one) => ({
                value: one,
                label: say(`media.filter.${one}`, { n: media.filter((medium) => passes(medium, one, now)).length }),
                testId: `media-filter-${one}`,
              }))}
            />
          </div>
          {shown.length === 0 && (
            <NothingListed icon="search" title={say('media.none')}>
              <p>{say('media.none.text')}</p>
            </NothingListed>
          )}
          {shown.length > 0 && (
            <Listing
              heads={[
                say('media.medium'),
                say('media.unit'),
                say('media.where'),
                say('media.left'),
                say('media.clock'),
              ]}
              lastHead={say('review.actions')}
              className={styles['table']}
            >
              {shown.slice(0, MOST_LINES).map((medium) => (
                <MediaLine key={medium.id} medium={medium} onOpen={() => setOpened(medium.id)} />
              ))}
            </Listing>
          )}
          {shown.length > MOST_LINES && <p>{say('media.more', { n: shown.length - MOST_LINES })}</p>}
        </>
      )}
      {open && <MediumDrawer medium={open} onClose={() => setOpened(null)} />}
    </Screen>
  );
}
