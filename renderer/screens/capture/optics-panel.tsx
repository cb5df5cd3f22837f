import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Optics } from '../../../shared/contract/capture.ts';
import { CONTACTS, IMMERSIONS, POLARISATIONS } from '../../../shared/contract/capture.ts';
import { Button, Keys } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import type { MessageId } from '../../i18n/words.ts';
import { readMagnification } from './optics.ts';
import styles from './optics-panel.module.css';

interface OpticsPanelProps {
  readonly optics: Optics;
  readonly onChange: (optics: Optics) => void;
  /** They are not what is noted for the device: they can be. */
  readonly onRemember: (() => void) | null;
}

/** How the next picture is taken. It stays until it is changed; what is noted for the device is where one begins. */
export function OpticsPanel({ optics, onChange, onRemember }: OpticsPanelProps): ReactNode {
  const say = useWords();
  return (
    <section className={styles['optics']} aria-label={say('optics.title')} data-testid="optics">
      <h2>{say('optics.title')}</h2>
      {/* A new number from outside (another device) is a new field. */}
      <Magnification
        key={optics.magnification ?? 'none'}
        value={optics.magnification}
        onChange={(magnification) => onChange({ ...optics, magnification })}
      />
      <Choice
        label="optics.polarisation"
        keys="P"
        family="optics.polarisation"
        values={POLARISATIONS}
        value={optics.polarisation}
        onChange={(polarisation) => onChange({ ...optics, polarisation })}
      />
      <Choice
        label="optics.contact"
        keys="C"
        family="optics.contact"
        values={CONTACTS}
        value={optics.contact}
        onChange={(contact) => onChange({ ...optics, contact })}
      />
      <Choice
        label="optics.immersion"
        keys="I"
        family="optics.immersion"
        values={IMMERSIONS}
        value={optics.immersion}
        onChange={(immersion) => onChange({ ...optics, immersion })}
      />
      {onRemember && (
        <Button icon="check" onClick={onRemember} data-testid="optics-remember">
          {say('optics.remember')}
        </Button>
      )}
    </section>
  );
}

interface MagnificationProps {
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function Magnification({ value, onChange }: MagnificationProps): ReactNode {
  const say = useWords();
  const [text, setText] = useState(value === null ? '' : String(value));
  const wrong = text.trim() !== '' && readMagnification(text) === null;
  return (
    <Field
      label={say('optics.magnification')}
      value={text}
      inputMode="decimal"
      maxLength={6}
      problem={wrong ? say('optics.magnification.wrong') : null}
      data-testid="optics-magnification"
      onChange={setText}
      onBlur={() => {
        if (!wrong && readMagnification(text) !== value) onChange(readMagnification(text));
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}

interface ChoiceProps<T extends string> {
  readonly label: MessageId;
  readonly keys: string;
  readonly family: string;
  readonly values: readonly T[];
  readonly value: T | null;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, keys, family, values, value, onChange }: ChoiceProps<T>): ReactNode {
  const say = useWords();
  return (
    <div className={styles['choice']}>
      <span className={styles['label']}>
        {say(label)} <Keys>{keys}</Keys>
      </span>
      <Segmented<string>
        label={say(label)}
        value={value ?? ''}
        onChange={(chosen) => onChange(chosen as T)}
        options={values.map((one) => ({
          value: one,
          label: term(family, one),
          testId: `${family.replace('.', '-')}-${one}`,
        }))}
      />
    </div>
  );
}
