import { useEffect, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { TeachingView } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Sheet } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { focusOnMount } from '../../components/focus-on-mount.ts';
import { Note, Trouble } from '../../components/note.tsx';
import { say as tell } from '../../data/live.ts';
import { queryClient } from '../../data/query.ts';
import { ask, useAct, useCall } from '../../data/use-call.ts';
import { useWords } from '../../i18n/words.ts';
import { PedalPicture } from './pedal-picture.tsx';
import styles from './buttons.module.css';

const STEPS = ['quiet', 'press', 'once', 'proposed'] as const;
const LOOK_MS = 250;
/** Seconds that are left when every device that is plugged has been opened. */
const LOOKED_BY = 27;

/** Teaches the station a button: hands off, press, press again, give it a name. */
export function TeachDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useWords();
  const [round, setRound] = useState(0);

  useEffect(
    () => () => {
      void ask('buttons.learn.stop', {}).catch(() => undefined);
    },
    [],
  );

  return (
    <Sheet title={say('buttons.teach.title')} onClose={onClose} data-testid="teach-dialog">
      <Round key={round} onAgain={() => setRound(round + 1)} onClose={onClose} />
    </Sheet>
  );
}

/** One time of listening; the next begins by being asked for, and ends this one. */
function Round({ onAgain, onClose }: { readonly onAgain: () => void; readonly onClose: () => void }): ReactNode {
  const say = useWords();
  const [failure, setFailure] = useState<unknown>(null);
  const state = useCall('buttons.learn.state', {}, { every: LOOK_MS });
  const teaching = state.data;

  useEffect(() => {
    ask('buttons.learn.start', {}).then(
      (begun) => queryClient.setQueryData(['buttons.learn.state', {}], begun),
      (error: unknown) => setFailure(error),
    );
  }, []);

  const step = teaching?.step ?? null;
  return (
    <>
      {failure !== null && <Trouble error={failure} />}
      <div className={styles['teach']} data-testid="teach-step" data-step={step ?? ''}>
        <PedalPicture step={step} />
        <Steps step={step} secondsLeft={teaching?.secondsLeft ?? 0} />
      </div>
      {(step === 'press' || step === 'once') && teaching?.devices === 0 && teaching.secondsLeft < LOOKED_BY && (
        <Note tone="warn">
          <p>{say('buttons.teach.no-device')}</p>
        </Note>
      )}
      {step === 'timed-out' && (
        <Note tone="warn" live data-testid="teach-timed-out">
          <p>{say('buttons.teach.timed-out')}</p>
          <p>{say('buttons.keyboards')}</p>
          <Button look="primary" icon="again" onClick={onAgain}>
            {say('buttons.teach.again')}
          </Button>
        </Note>
      )}
      {step === 'proposed' && teaching?.proposal && (
        <NameIt
          proposal={teaching.proposal}
          onAgain={onAgain}
          onSaved={(label) => {
            tell(say('buttons.saved', { label }), 'good');
            onClose();
          }}
        />
      )}
    </>
  );
}

function Steps({
  step,
  secondsLeft,
}: {
  readonly step: TeachingView['step'];
  readonly secondsLeft: number;
}): ReactNode {
  const say = useWords();
  const at = STEPS.findIndex((one) => one === step);
  const isListening = step === 'press' || step === 'once';
  return (
    <div>
      <ol className={styles['steps']}>
        {STEPS.map((one, index) => (
          <li
            key={one}
            className={cx(index === at && styles['now'], index < at && styles['done'])}
            aria-current={index === at ? 'step' : undefined}
          >
            {say(`buttons.teach.${one}`)}
          </li>
        ))}
      </ol>
      <span className="visually-hidden" role="status">
        {at >= 0 && say(`buttons.teach.${STEPS[at]!}`)}
      </span>
      {isListening && <p className={styles['hint']}>{say('buttons.teach.left', { n: secondsLeft })}</p>}
    </div>
  );
}

interface NameItProps {
  readonly proposal: NonNullable<TeachingView['proposal']>;
  readonly onAgain: () => void;
  readonly onSaved: (label: string) => void;
}

function NameIt({ proposal, onAgain, onSaved }: NameItProps): ReactNode {
  const say = useWords();
  const [label, setLabel] = useState(proposal.deviceName.slice(0, 60));
  const save = useAct('buttons.save');
  if (proposal.taughtAs !== null) {
    return (
      <Note tone="warn" live data-testid="teach-known">
        <p>{say('buttons.teach.known', { label: proposal.taughtAs })}</p>
        <Button icon="again" onClick={onAgain}>
          {say('buttons.teach.other')}
        </Button>
      </Note>
    );
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const name = label.trim();
    if (name !== '') save.mutate({ label: name, action: 'capture' }, { onSuccess: () => onSaved(name) });
  }
  return (
    <form className={styles['form']} onSubmit={submit} noValidate>
      <p>{say('buttons.teach.found', { device: proposal.deviceName || say('buttons.unnamed') })}</p>
      <Field
        label={say('buttons.teach.name')}
        hint={say('buttons.teach.name.hint')}
        value={label}
        onChange={setLabel}
        maxLength={60}
        autoComplete="off"
        ref={focusOnMount}
        data-testid="teach-name"
      />
      {save.isError && <Trouble error={save.error} />}
      <Button look="primary" big submit busy={save.isPending} disabled={label.trim() === ''} data-testid="teach-save">
        {say('buttons.teach.save')}
      </Button>
    </form>
  );
}
