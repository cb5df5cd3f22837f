import type { ReactNode, RefObject } from 'react';
import type { CallOutput, WorklistItemView } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { PatientCard, PatientLine, spacedName } from '../../components/patient-card.tsx';
import { PickList } from '../../components/pick-list.tsx';
import { Note } from '../../components/note.tsx';
import { tellTrouble } from '../../components/tell-trouble.ts';
import { codeOf } from '../../data/call-error.ts';
import { say as tell } from '../../data/live.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { useDebounced } from '../../data/use-debounced.ts';
import { codeWords } from '../../i18n/codes.ts';
import { agoText, ageText, shortWhenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { useNow } from '../../data/use-now.ts';
import styles from './patient-picker.module.css';

interface PatientPickerProps {
  readonly patient: WorklistItemView | null;
  readonly before: WorklistItemView | null;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onPick: (item: WorklistItemView) => void;
  readonly onChange: () => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** Who: the worklist to search until a patient is chosen, then the patient's card. */
export function PatientPicker(props: PatientPickerProps): ReactNode {
  const say = useWords();
  const now = useNow();
  const { patient, before, query, onQuery, onPick } = props;
  const asked = useDebounced(query, 120);
  const list = useCall('worklist.list', { query: asked, limit: 100 }, { keepPrevious: true });
  const refresh = useAct('worklist.refresh');

  if (patient) {
    return (
      <PatientCard item={patient} age={say('worklist.age', { age: agoText(patient.fetchedAt, now) })}>
        <Button onClick={props.onChange} keys="P" data-testid="patient-change">
          {say('patient.change')}
        </Button>
      </PatientCard>
    );
  }

  return (
    <PickList
      label={say('patient.label')}
      keys="P"
      placeholder={say('patient.search')}
      query={query}
      onQuery={onQuery}
      items={list.data?.items ?? []}
      idOf={(item) => item.id}
      render={(item) => <Row item={item} />}
      onPick={(item) => {
        onQuery('');
        onPick(item);
      }}
      fresh={asked === query && !list.isPlaceholderData && list.data !== undefined}
      empty={say(query === '' ? 'worklist.empty' : 'worklist.no-match')}
      alwaysOpen
      inputRef={props.inputRef}
      inputTestId="patient-search"
      optionTestId="patient-option"
      above={
        <>
          {list.isError && <Note tone="bad">{codeWords(codeOf(list.error))}</Note>}
          {list.data && (
            <WorklistAge
              state={list.data.state}
              busy={refresh.isPending}
              onRefresh={() =>
                refresh.mutate(
                  {},
                  {
                    onSuccess: (state) =>
                      tell(
                        state.code ? codeWords(state.code) : say('worklist.refreshed', { n: state.count }),
                        state.code ? 'bad' : 'good',
                      ),
                    onError: tellTrouble,
                  },
                )
              }
            />
          )}
          {before && query === '' && (
            <button
              type="button"
              className={styles['again']}
              data-testid="patient-again"
              onClick={() => onPick(before)}
            >
              <Icon name="again" />
              <span>
                {say('patient.again')} <b>{before.patient.name.display}</b>
                <PatientLine patient={before.patient} />
              </span>
            </button>
          )}
        </>
      }
    />
  );
}

function Row({ item }: { readonly item: WorklistItemView }): ReactNode {
  const say = useWords();
  return (
    <span className={styles['row']}>
      <b>
        {item.patient.name.display}
        {item.patient.name.ideographic && (
          <span className={styles['soft']}> {spacedName(item.patient.name.ideographic)}</span>
        )}
      </b>
      <PatientLine patient={item.patient} />
      <small className={styles['soft']}>
        {[item.scheduledTime?.slice(0, 5), item.procedure ?? item.step, item.location].filter(Boolean).join(' · ')}
        {item.gone && <span className={styles['gone']}> {say('patient.gone.short')}</span>}
        {item.incomplete.length > 0 && <span className={styles['gone']}> {say('patient.incomplete.short')}</span>}
      </small>
    </span>
  );
}

interface WorklistAgeProps {
  readonly state: CallOutput<'worklist.list'>['state'];
  readonly busy: boolean;
  readonly onRefresh: () => void;
}

/** How old the list is, and whether the worklist answers now. */
function WorklistAge({ state, busy, onRefresh }: WorklistAgeProps): ReactNode {
  const say = useWords();
  const now = useNow();
  const { fetchedAt } = state;
  let text = fetchedAt === null ? say('worklist.never') : say('worklist.age', { age: agoText(fetchedAt, now) });
  if (state.code) {
    text =
      fetchedAt === null
        ? say('worklist.offline.never')
        : say('worklist.offline', { age: ageText(fetchedAt, now), at: shortWhenText(fetchedAt, now) });
  }
  return (
    <div className={state.code ? styles['offline'] : styles['online']} data-testid="worklist-age">
      {state.code && <Icon name="warning" size={18} />}
      <span>{text}</span>
      <button type="button" className={styles['refresh']} disabled={busy} onClick={onRefresh}>
        <Icon name="again" size={18} /> {say('worklist.refresh')}
      </button>
    </div>
  );
}
