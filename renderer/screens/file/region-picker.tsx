import type { ReactNode, RefObject } from 'react';
import { Button, Keys } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { Note } from '../../components/note.tsx';
import { PickList } from '../../components/pick-list.tsx';
import { tellTrouble } from '../../components/tell-trouble.ts';
import { codeOf } from '../../data/call-error.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { useDebounced } from '../../data/use-debounced.ts';
import { codeWords, term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import { withRegion } from './filing-choice.ts';
import type { FilingChoice, Region } from './filing-choice.ts';
import styles from './region-picker.module.css';

interface RegionPickerProps {
  readonly choice: FilingChoice;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onChoice: (choice: FilingChoice) => void;
  readonly onChange: () => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** Where on the body: type a part of the words; favourites and recent regions come first. */
export function RegionPicker(props: RegionPickerProps): ReactNode {
  const say = useWords();
  const { choice, query, onQuery } = props;
  const asked = useDebounced(query, 60);
  const list = useCall('terms.find', { query: asked, limit: 30 }, { keepPrevious: true });
  const favourite = useAct('terms.favourite');
  const region = choice.region;

  if (region) {
    const on =
      list.data?.hits.find((hit) => hit.scheme === region.scheme && hit.code === region.code)?.favourite ??
      region.favourite;
    return (
      <section className={styles['chosen']} data-testid="region-chosen" aria-label={say('region.label')}>
        <div className={styles['words']}>
          <span className={styles['label']}>
            {say('region.label')} <Keys>R</Keys>
          </span>
          <b>{region.meaning}</b>
          <small>
            {region.scheme} {region.code}
          </small>
        </div>
        <button
          type="button"
          className={styles['star']}
          aria-pressed={on}
          aria-label={say(on ? 'region.unstar' : 'region.star')}
          title={say(on ? 'region.unstar' : 'region.star')}
          data-testid="region-favourite"
          onClick={() => {
            favourite.mutate({ scheme: region.scheme, code: region.code, on: !on }, { onError: tellTrouble });
            props.onChoice({ ...choice, region: { ...region, favourite: !on } });
          }}
        >
          <Icon name="star" size={24} />
        </button>
        <Button onClick={props.onChange} data-testid="region-change">
          {say('patient.change')}
        </Button>
        {region.sensitive && <p className={styles['sensitive']}>{say('region.sensitive')}</p>}
      </section>
    );
  }

  return (
    <PickList
      label={say('region.label')}
      keys="R"
      placeholder={say('region.search')}
      query={query}
      onQuery={onQuery}
      items={list.data?.hits ?? []}
      idOf={(hit) => `${hit.scheme}-${hit.code}`}
      render={(hit) => <Row hit={hit} query={asked} />}
      onPick={(hit) => {
        onQuery('');
        props.onChoice(withRegion(choice, hit));
      }}
      fresh={asked === query && !list.isPlaceholderData && list.data !== undefined}
      empty={say('region.no-match')}
      inputRef={props.inputRef}
      inputTestId="region-input"
      optionTestId="region-option"
      above={list.isError && <Note tone="bad">{codeWords(codeOf(list.error))}</Note>}
    />
  );
}

function Row({ hit, query }: { readonly hit: Region; readonly query: string }): ReactNode {
  const say = useWords();
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const also =
    words.length > 0
      ? hit.synonyms.find((synonym) => words.every((word) => synonym.toLowerCase().includes(word)))
      : undefined;
  return (
    <span className={styles['row']}>
      <b>{hit.meaning}</b>
      {hit.lateralityHint && hit.lateralityHint !== 'U' && (
        <span className={styles['hint']}>{term('side', hit.lateralityHint)}</span>
      )}
      <small>{[also && say('region.also', { synonym: also }), hit.group].filter(Boolean).join(' · ')}</small>
      <span className={styles['mark']}>
        {hit.favourite && (
          <>
            <Icon name="star" size={18} /> {say('region.favourite')}
          </>
        )}
        {!hit.favourite && hit.recent && (
          <>
            <Icon name="clock" size={18} /> {say('region.recent')}
          </>
        )}
      </span>
    </span>
  );
}
