import type { ReactNode } from 'react';
import type { PatientView, WorklistItemView } from '../../shared/contract.ts';
import { term } from '../i18n/codes.ts';
import { ageOf, dateText } from '../i18n/format.ts';
import { useWords } from '../i18n/words.ts';
import { Note } from './note.tsx';
import { useNow } from '../data/use-now.ts';
import styles from './patient-card.module.css';

/** A DICOM person name as people write it: components apart by spaces, not carets. */
export function spacedName(name: string): string {
  return name.split('^').filter(Boolean).join(' ');
}

/** Birth date, age, sex and number in one line: the second and third identifier beside the name. */
export function PatientLine({ patient }: { readonly patient: PatientView }): ReactNode {
  const say = useWords();
  const now = useNow();
  const age = patient.birthDate === null ? null : ageOf(patient.birthDate, now);
  return (
    <span className={styles['line']}>
      <span>
        {patient.birthDate === null ? say('patient.no-birth-date') : dateText(patient.birthDate)}
        {age && ` (${age})`}
      </span>
      <span>{patient.sex === null ? say('patient.no-sex') : term('sex', patient.sex)}</span>
      <span className={styles['mrn']}>{say('patient.mrn', { mrn: patient.mrn })}</span>
    </span>
  );
}

interface PatientCardProps {
  readonly item: WorklistItemView;
  /** When the worklist data were fetched, in words. */
  readonly age: string;
  readonly children?: ReactNode;
}

/** The patient in focus: always this card, everywhere. */
export function PatientCard({ item, age, children }: PatientCardProps): ReactNode {
  const say = useWords();
  const { name } = item.patient;
  return (
    <section className={styles['card']} data-testid="patient-card" aria-label={say('patient.card')}>
      <header>
        <h2>{name.display}</h2>
        {children}
      </header>
      {(name.ideographic ?? name.phonetic) && (
        <p className={styles['other']}>
          {[name.ideographic, name.phonetic]
            .filter((form) => form !== null)
            .map(spacedName)
            .join(' · ')}
        </p>
      )}
      <PatientLine patient={item.patient} />
      <p className={styles['order']}>
        {[
          item.procedure,
          item.step !== item.procedure && item.step,
          item.accessionNumber && say('patient.accession', { number: item.accessionNumber }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p className={styles['age']}>{age}</p>
      {item.gone && <Note tone="warn">{say('patient.gone')}</Note>}
      {item.incomplete.length > 0 && (
        <Note tone="bad">{say('patient.incomplete', { keys: item.incomplete.join(', ') })}</Note>
      )}
    </section>
  );
}
