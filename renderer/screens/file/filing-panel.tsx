import type { ReactNode, RefObject } from 'react';
import type { WorklistItemView } from '../../../shared/contract.ts';
import { Button, Keys } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { YesNo } from '../../components/yes-no.tsx';
import { useWords } from '../../i18n/words.ts';
import { MISSING_WORDS, sidesOf } from './filing-choice.ts';
import type { FilingChoice, Missing } from './filing-choice.ts';
import { PatientPicker } from './patient-picker.tsx';
import { RegionPicker } from './region-picker.tsx';
import { SideChoice } from './side-choice.tsx';
import styles from './filing-panel.module.css';

export interface PanelFields {
  readonly patient: RefObject<HTMLInputElement | null>;
  readonly region: RefObject<HTMLInputElement | null>;
  readonly sides: RefObject<HTMLDivElement | null>;
  readonly view: RefObject<HTMLInputElement | null>;
  readonly button: RefObject<HTMLButtonElement | null>;
}

interface FilingPanelProps {
  readonly choice: FilingChoice;
  readonly onChoice: (choice: FilingChoice) => void;
  /** A choice was made: the focus goes to what is missing next. */
  readonly onNext: (choice: FilingChoice) => void;
  readonly pictures: number;
  readonly missing: Missing | null;
  readonly busy: boolean;
  readonly fields: PanelFields;
  readonly patientQuery: string;
  readonly onPatientQuery: (query: string) => void;
  readonly regionQuery: string;
  readonly onRegionQuery: (query: string) => void;
  /** The patient of the session before this one, offered again but never taken over. */
  readonly patientBefore: WorklistItemView | null;
  readonly onAskPatient: () => void;
  readonly onAskRegion: () => void;
  readonly onFile: () => void;
}

/** Who, where, which side, what else; and one button that says why it waits. */
export function FilingPanel(props: FilingPanelProps): ReactNode {
  const say = useWords();
  const { choice, onChoice, onNext, missing } = props;
  const { patient: patientField, region: regionField, sides: sidesField, view: viewField, button } = props.fields;
  const sides = sidesOf(choice.region);

  function choose(change: Partial<FilingChoice>): void {
    const next = { ...choice, ...change };
    onChoice(next);
    onNext(next);
  }

  return (
    <aside className={styles['panel']} aria-label={say('file.panel')}>
      <div className={styles['fields']}>
        <PatientPicker
          patient={choice.patient}
          before={props.patientBefore}
          query={props.patientQuery}
          onQuery={props.onPatientQuery}
          onPick={(patient) => choose({ patient })}
          onChange={props.onAskPatient}
          inputRef={patientField}
        />
        <RegionPicker
          choice={choice}
          query={props.regionQuery}
          onQuery={props.onRegionQuery}
          onChoice={(next) => {
            onChoice(next);
            onNext(next);
          }}
          onChange={props.onAskRegion}
          inputRef={regionField}
        />
        {sides.length > 0 && (
          <SideChoice groupRef={sidesField} sides={sides} side={choice.side} onSide={(side) => choose({ side })} />
        )}
        <Field
          ref={viewField}
          label={say('file.view')}
          keys="V"
          placeholder={say('file.view.hint')}
          maxLength={64}
          value={choice.view}
          onChange={(view) => onChoice({ ...choice, view })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') props.onFile();
            else if (event.key === 'Escape') event.currentTarget.blur();
          }}
          data-testid="view-input"
        />
        <YesNo
          label={say('file.burned-in')}
          keys="B"
          value={choice.burnedIn}
          onChange={(burnedIn) => onChoice({ ...choice, burnedIn })}
          testId="burned-in"
        />
        <YesNo
          label={say('file.recognizable')}
          keys="F"
          value={choice.recognizable}
          onChange={(recognizable) => onChoice({ ...choice, recognizable })}
          testId="recognizable"
        />
      </div>
      <footer className={styles['foot']}>
        <p id="file-why" className={styles['why']} aria-live="polite">
          {missing ? say(MISSING_WORDS[missing]) : say('file.ready')}{' '}
          <span className={styles['repeat']}>
            <Keys>=</Keys> {say('file.repeat')}
          </span>
        </p>
        <Button
          ref={button}
          look="primary"
          big
          keys="Ctrl ↵"
          className={styles['go']}
          aria-disabled={missing !== null || undefined}
          aria-describedby="file-why"
          busy={props.busy}
          data-testid="file-button"
          onClick={props.onFile}
        >
          {choice.patient
            ? say('file.go', { n: props.pictures, name: choice.patient.patient.name.display })
            : say('file.go-nobody', { n: props.pictures })}
        </Button>
      </footer>
    </aside>
  );
}
