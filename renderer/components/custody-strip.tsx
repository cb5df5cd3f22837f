import type { ReactNode } from 'react';
import type { StripStepView } from '../../shared/contract.ts';
import { reasonWords, term } from '../i18n/codes.ts';
import { exactText } from '../i18n/format.ts';
import { useWords } from '../i18n/words.ts';
import { cx } from './cx.ts';
import styles from './custody-strip.module.css';

type State = StripStepView['state'];

function classOf(state: State): string {
  return state === 'not-offered' ? 'notOffered' : state;
}

/** Each state has its own shape, so that the strip reads without colour: tick, turning arc, ring, bang in an octagon, dash. */
export function StepMark({ state }: { readonly state: State }): ReactNode {
  return (
    <svg className={cx(styles['mark'], styles[classOf(state)])} viewBox="0 0 24 24" aria-hidden="true">
      {state === 'done' && (
        <>
          <circle cx="12" cy="12" r="11" className={styles['solid']} />
          <path d="M6.8 12.4l3.6 3.6 7-7.6" className={styles['cut']} />
        </>
      )}
      {state === 'doing' && (
        <>
          <circle cx="12" cy="12" r="9.5" className={styles['track']} />
          <path d="M12 2.5a9.5 9.5 0 0 1 9.5 9.5" className={styles['arc']} />
          <circle cx="12" cy="12" r="3.5" className={styles['solid']} />
        </>
      )}
      {state === 'waiting' && <circle cx="12" cy="12" r="9.5" className={styles['ring']} />}
      {state === 'failed' && (
        <>
          <path d="M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z" className={styles['solid']} />
          <path d="M12 6.5v7M12 17.2v.01" className={styles['cut']} />
        </>
      )}
      {state === 'not-offered' && <path d="M5 12h14" className={styles['dash']} />}
    </svg>
  );
}

interface CustodyStripProps {
  readonly steps: readonly StripStepView[];
  /** Counts are shown for a docking; a single picture needs none. */
  readonly counts?: boolean;
  readonly compact?: boolean;
  readonly onOpen?: (step: StripStepView) => void;
}

/** The custody strip: read, sealed, re-read, filed, delivered, committed, read back, erased. Each step opens its evidence. */
export function CustodyStrip({ steps, counts = false, compact = false, onOpen }: CustodyStripProps): ReactNode {
  const say = useWords();
  return (
    <ol className={cx(styles['strip'], compact && styles['compact'])} aria-label={say('strip.label')}>
      {steps.map((step) => {
        // A live camera keeps nothing that could be erased; of a personal phone nothing may be, and its code says so.
        const needless = step.step === 'erased' && step.state === 'not-offered';
        const state = needless
          ? say(step.code === null ? 'strip.never-stored' : 'strip.only-read')
          : term('strip.state', step.state);
        const name = term('strip.step', step.step);
        const of =
          counts && step.state !== 'not-offered' ? say('strip.count', { done: step.done, total: step.total }) : '';
        const title = [step.code && reasonWords(step.code), step.at && exactText(step.at)].filter(Boolean).join(' · ');
        const inside = (
          <>
            <StepMark state={step.state} />
            <span className={styles['words']}>
              <span className={styles['name']}>{name}</span>
              <span className={cx(styles['state'], styles[classOf(step.state)])}>{of ? `${state} ${of}` : state}</span>
            </span>
          </>
        );
        return (
          <li key={step.step} className={styles['step']}>
            {onOpen ? (
              <button
                type="button"
                className={styles['open']}
                title={title || undefined}
                data-testid={`strip-${step.step}`}
                data-state={step.state}
                onClick={() => onOpen(step)}
              >
                {inside}
              </button>
            ) : (
              <span
                className={styles['open']}
                title={title || undefined}
                data-testid={`strip-${step.step}`}
                data-state={step.state}
              >
                {inside}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
