import type { ReactNode } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { ReviewRow } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Icon } from '../../components/icon.tsx';
import type { IconName } from '../../components/icon.tsx';
import { LetIn } from '../../components/let-in.tsx';
import { LiftHold } from '../../components/lift-hold.tsx';
import { PatientLine } from '../../components/patient-card.tsx';
import { TakeBack } from '../../components/take-back.tsx';
import { WhoActs } from '../../components/who-acts.tsx';
import { useMay } from '../../data/use-session.ts';
import { reasonWords, term } from '../../i18n/codes.ts';
import { ageText, clockText, whenText } from '../../i18n/format.ts';
import { whoseTurn } from '../../i18n/who-acts.ts';
import { useWords, words } from '../../i18n/words.ts';
import { ageBar, urgencyOf } from './review-lists.ts';
import type { Say } from '../../i18n/words.ts';
import { useNow } from '../../data/use-now.ts';
import styles from './review-line.module.css';

const ICONS: Readonly<Record<ReviewRow['list'], IconName>> = {
  damaged: 'warning',
  unfiled: 'picture',
  stuck: 'stop',
  held: 'lock',
  rejected: 'cross',
  'not-erased': 'erase',
  unreadable: 'warning',
  undecided: 'help',
  'not-returned': 'hand',
  'needs-approval': 'lock',
};
const LOOKS = {
  damaged: 'bad',
  unfiled: 'warn',
  stuck: 'bad',
  held: 'warn',
  rejected: 'quiet',
  'not-erased': 'warn',
  unreadable: 'bad',
  undecided: 'warn',
  'not-returned': 'warn',
  'needs-approval': 'warn',
} as const;

interface ReviewLineProps {
  readonly row: ReviewRow;
  readonly onOpen: () => void;
  readonly onRetry: () => void;
  readonly onReject: () => void;
  readonly onRestore: () => void;
}

/** One thing without an end. */
export function ReviewLine({ row, onOpen, onRetry, onReject, onRestore }: ReviewLineProps): ReactNode {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const now = useNow();
  // A hold is nobody's delay.
  const urgency = row.hold ? 'fresh' : urgencyOf(row.since, now);
  const toReject = row.captureId !== null && may('reject') && ['unfiled', 'undecided', 'unreadable'].includes(row.list);

  return (
    <tr data-testid="review-row" data-list={row.list} data-capture-id={row.captureId ?? undefined}>
      <td>
        <span className={cx(styles['list'], styles[LOOKS[row.list]])}>
          <Icon name={ICONS[row.list]} />
          {term('review.list', row.list)}
        </span>
      </td>
      <td>
        {row.captureId ? (
          <button type="button" className={styles['name']} onClick={onOpen}>
            {row.name}
          </button>
        ) : (
          <b>{row.name}</b>
        )}
        <small>{belowName(row, say)}</small>
        {row.patient && (
          <small>
            <b>{row.patient.name.display}</b> <PatientLine patient={row.patient} />
          </small>
        )}
      </td>
      <td>
        {whyText(row)}
        <WhoActs code={whoseTurn(row)} />
        {row.attempts > 0 && (
          <small>
            {say('stuck.tries', { n: row.attempts })}
            {row.nextAttemptAt !== null && ` ${say('stuck.next', { at: clockText(row.nextAttemptAt) })}`}
          </small>
        )}
      </td>
      <td className={styles['age']} title={whenText(row.since)}>
        <span className={styles[urgency]}>
          {urgency !== 'fresh' && <Icon name={urgency === 'late' ? 'stop' : 'warning'} size={16} />}
          {ageText(row.since, now)} {urgency !== 'fresh' && say(urgency === 'late' ? 'review.late' : 'review.due')}
        </span>
        <span className={styles['track']} aria-hidden="true">
          <span className={cx(styles['bar'], styles[urgency])} style={{ width: `${ageBar(row.since, now) * 100}%` }} />
        </span>
        <small>{say('review.since', { at: whenText(row.since) })}</small>
      </td>
      <td>{row.hold ? say('review.held-by', { by: row.hold.placedBy }) : (row.dockedBy ?? say('review.nobody'))}</td>
      <td>
        <span className={styles['actions']}>
          {row.list === 'unfiled' && row.captureId !== null && may('file') && (
            <Button
              icon="picture"
              data-testid="review-file"
              onClick={() =>
                void navigate({ to: '/file', search: { docking: row.dockingId, capture: row.captureId ?? '' } })
              }
            >
              {say('review.file')}
            </Button>
          )}
          {row.hold && <LiftHold hold={row.hold} />}
          {row.list === 'not-returned' && row.medium && <TakeBack mediumId={row.medium.id} name={row.name} />}
          {row.list === 'needs-approval' && row.medium && <LetIn mediumId={row.medium.id} name={row.name} />}
          {row.list === 'stuck' && may('retry') && (
            <Button icon="again" onClick={onRetry} data-testid="review-retry">
              {say('try-again')}
            </Button>
          )}
          {row.list === 'not-erased' && (
            <Button icon="dock" onClick={() => void navigate({ to: '/' })} data-testid="review-docking">
              {say('review.docking')}
            </Button>
          )}
          {toReject && (
            <Button icon="cross" onClick={onReject} data-testid="review-reject">
              {say('review.reject')}
            </Button>
          )}
          {row.list === 'rejected' && row.captureId !== null && may('reject') && (
            <Button icon="again" onClick={onRestore} data-testid="review-restore">
              {say('review.restore')}
            </Button>
          )}
        </span>
      </td>
    </tr>
  );
}

function whyText(row: ReviewRow): string {
  if (row.hold) return row.hold.reason;
  if (row.list === 'not-returned' && row.medium?.borrower != null && row.medium.dueAt !== null) {
    return words('review.why.not-returned', { borrower: row.medium.borrower, at: whenText(row.medium.dueAt) });
  }
  return row.code ? reasonWords(row.code) : term('review.why', row.list);
}

/** Under the name: what it belongs to. */
function belowName(row: ReviewRow, say: Say): string {
  if (row.hold?.captureId === null) return say('hold.whole', { n: row.hold.items });
  if (row.medium?.ownerUnit != null) return say('review.of-unit', { unit: row.medium.ownerUnit });
  return row.medium && row.mediumLabel === row.name ? '' : row.mediumLabel;
}
