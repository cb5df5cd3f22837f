import type { ReactNode } from 'react';
import type { MediumRecord } from '../../../shared/contract/media.ts';
import { cx } from '../../components/cx.ts';
import { Icon } from '../../components/icon.tsx';
import { useNow } from '../../data/use-now.ts';
import { term } from '../../i18n/codes.ts';
import { ageText, shortWhenText, whenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { clockWords, isOff } from './clock-words.ts';
import { leftSince, leftWords } from './left-words.ts';
import { isOverdue, nameOf } from './media-filter.ts';
import { MediumActions } from './medium-actions.tsx';
import styles from './media.module.css';

/** One medium of the register. */
export function MediaLine({
  medium,
  onOpen,
}: {
  readonly medium: MediumRecord;
  readonly onOpen: () => void;
}): ReactNode {
  const say = useWords();
  const now = useNow();
  const name = nameOf(medium);
  const told = [
    term('medium', medium.kind),
    medium.name !== null && medium.label,
    [medium.maker, medium.model].filter(Boolean).join(' '),
    medium.serial && say('medium.serial', { serial: medium.serial }),
  ].filter(Boolean);

  return (
    <tr data-testid="medium" data-medium-id={medium.id} data-kind={medium.kind}>
      <td>
        <span className={styles['medium']}>
          <Icon name={medium.kind} size={28} />
          <span>
            <button type="button" className={styles['name']} onClick={onOpen} data-testid="medium-open">
              {name || term('medium', medium.kind)}
            </button>
            <small>{told.join(' · ')}</small>
            {medium.kind === 'phone' && (
              <small>{say(medium.managed ? 'media.managed-phone' : 'media.personal-phone')}</small>
            )}
          </span>
        </span>
      </td>
      <td>{medium.ownerUnit ?? <span className={styles['soft']}>–</span>}</td>
      <td>
        <Whereabouts medium={medium} />
      </td>
      <td>
        <span className={cx(styles['state'], medium.left.clear ? styles['good'] : styles['warn'])}>
          <Icon name={medium.left.clear ? 'check' : 'warning'} size={18} />
          {leftWords(medium.left)}
        </span>
        {medium.left.unknownSince !== null && (
          <small title={whenText(medium.left.unknownSince)}>{leftSince(medium.left, now)}</small>
        )}
      </td>
      <td>
        <Clock medium={medium} />
      </td>
      <td>
        <span className={styles['actions']}>
          <MediumActions medium={medium} />
        </span>
      </td>
    </tr>
  );
}

function Whereabouts({ medium }: { readonly medium: MediumRecord }): ReactNode {
  const say = useWords();
  const now = useNow();
  const { loan } = medium;
  const overdue = isOverdue(loan, now);
  const seen = medium.lastDockedAt !== null && say('media.seen', { age: ageText(medium.lastDockedAt, now) });
  return (
    <>
      {medium.retiredAt !== null && <span className={styles['state']}>{say('media.is-retired')}</span>}
      {medium.approved === null && (
        <span className={cx(styles['state'], styles['warn'])}>
          <Icon name="lock" size={18} />
          {say('media.unknown')}
        </span>
      )}
      {medium.dockedNow && (
        <span className={styles['state']}>
          <Icon name="dock" size={18} />
          {say('media.docked-now')}
        </span>
      )}
      {loan && (
        <span className={cx(styles['state'], overdue && styles['bad'])}>
          <Icon name={overdue ? 'stop' : 'hand'} size={18} />
          {say('media.out', { borrower: loan.borrower })}
        </span>
      )}
      {loan ? (
        <small className={overdue ? styles['late'] : undefined}>
          {say(overdue ? 'media.overdue' : 'media.due', { at: shortWhenText(loan.dueAt, now) })}
        </small>
      ) : (
        !medium.dockedNow && <small>{seen}</small>
      )}
    </>
  );
}

function Clock({ medium }: { readonly medium: MediumRecord }): ReactNode {
  const last = medium.clock[0];
  if (!last) return <span className={styles['soft']}>–</span>;
  const off = isOff(last.offsetMs);
  return (
    <span className={cx(styles['state'], off && styles['badge'])} data-testid={off ? 'medium-clock-off' : undefined}>
      {off && <Icon name="warning" size={18} />}
      {clockWords(last.offsetMs)}
    </span>
  );
}
