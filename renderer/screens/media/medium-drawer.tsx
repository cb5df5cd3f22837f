import type { ReactNode } from 'react';
import type { LoanView, MediumDocking, MediumRecord, MediumStory } from '../../../shared/contract/media.ts';
import { Sheet } from '../../components/dialog.tsx';
import { Note, Trouble, Waiting } from '../../components/note.tsx';
import { useNow } from '../../data/use-now.ts';
import { useCall } from '../../data/use-call.ts';
import { term } from '../../i18n/codes.ts';
import { bytesText, whenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { ClockChart } from './clock-chart.tsx';
import { clockWords, isOff } from './clock-words.ts';
import { leftSince, leftWords } from './left-words.ts';
import { isOverdue, nameOf } from './media-filter.ts';
import { MediumActions } from './medium-actions.tsx';
import styles from './media.module.css';

/** The story of one medium: what it is, who has it, when it was here, what was left on it, and how right its clock is. */
export function MediumDrawer({
  medium: known,
  onClose,
}: {
  readonly medium: MediumRecord;
  readonly onClose: () => void;
}): ReactNode {
  const story = useCall('media.get', { mediumId: known.id });
  const medium = story.data?.medium ?? known;
  return (
    <Sheet
      side
      title={nameOf(medium) || term('medium', medium.kind)}
      onClose={onClose}
      data-testid="medium-drawer"
      actions={<MediumActions medium={medium} all />}
    >
      {story.isPending && <Waiting />}
      {story.isError && <Trouble error={story.error} onRetry={() => void story.refetch()} />}
      {story.data && <Story story={story.data} />}
    </Sheet>
  );
}

function Story({ story: { medium, dockings, loans } }: { readonly story: MediumStory }): ReactNode {
  const say = useWords();
  const now = useNow();
  const last = medium.clock[0];
  const byWhom = (at: number, by: string | null): string =>
    say('media.by', { at: whenText(at), by: by ?? say('review.nobody') });
  const facts: readonly (readonly [string, string | null])[] = [
    [
      say('media.medium'),
      [term('medium', medium.kind), medium.sizeBytes && bytesText(medium.sizeBytes)].filter(Boolean).join(', '),
    ],
    [say('media.field.maker'), medium.maker],
    [say('media.field.model'), medium.model],
    [say('media.field.serial'), medium.serial],
    [say('media.unit'), medium.ownerUnit],
    [say('media.first'), byWhom(medium.firstDockedAt, medium.firstDockedBy)],
    [say('media.last'), medium.lastDockedAt === null ? null : byWhom(medium.lastDockedAt, medium.lastDockedBy)],
    [say('media.approved'), approvedText(medium)],
    [say('media.field.note'), medium.note],
  ];

  function approvedText({ approved }: MediumRecord): string {
    if (approved === null) return say('media.unknown');
    const at = whenText(approved.at);
    return approved.by === null
      ? say('media.approved.docked', { at })
      : say('media.approved.by', { at, by: approved.by });
  }

  return (
    <>
      {medium.approved === null && <Note tone="warn">{say('review.why.needs-approval')}</Note>}
      {medium.retiredAt !== null && <Note tone="plain">{say('media.is-retired')}</Note>}
      <dl className={styles['facts']}>
        {facts.map(
          ([label, value]) =>
            value && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <section className={styles['section']}>
        <h3>{say('media.left')}</h3>
        <p data-testid="medium-left">
          <b>{leftWords(medium.left)}</b> {leftSince(medium.left, now)}
        </p>
      </section>
      <section className={styles['section']}>
        <h3>{say('media.clock')}</h3>
        <ClockChart readings={medium.clock} />
        {last && isOff(last.offsetMs) && <Note tone="warn">{say('media.clock.off')}</Note>}
      </section>
      <section className={styles['section']}>
        <h3>{say('media.loans')}</h3>
        {loans.length === 0 && <p className={styles['soft']}>{say('media.loans.none')}</p>}
        <ul className={styles['lines']}>
          {loans.map((loan) => (
            <LoanLine key={loan.id} loan={loan} />
          ))}
        </ul>
      </section>
      <section className={styles['section']}>
        <h3>{say('media.dockings')}</h3>
        <ul className={styles['lines']}>
          {dockings.map((docking) => (
            <DockingLine key={docking.id} docking={docking} />
          ))}
        </ul>
      </section>
    </>
  );
}

function LoanLine({ loan }: { readonly loan: LoanView }): ReactNode {
  const say = useWords();
  const overdue = isOverdue(loan, useNow());
  const by = loan.returnedBy === null ? say('media.loan.by-docking') : say('media.loan.by', { by: loan.returnedBy });
  return (
    <li data-testid="medium-loan">
      <b>{say('media.loan.line', { borrower: loan.borrower, at: whenText(loan.lentAt), by: loan.lentBy })}</b>
      <small className={overdue ? styles['late'] : undefined}>
        {loan.returnedAt === null
          ? say(overdue ? 'media.overdue' : 'media.due', { at: whenText(loan.dueAt) })
          : say('media.loan.back', { at: whenText(loan.returnedAt), by })}
      </small>
    </li>
  );
}

function DockingLine({ docking }: { readonly docking: MediumDocking }): ReactNode {
  const say = useWords();
  return (
    <li data-testid="medium-docking">
      <b>{say('media.by', { at: whenText(docking.startedAt), by: docking.by ?? say('review.nobody') })}</b>
      <small>
        {[
          docking.endedAt === null
            ? say('media.docked-now')
            : say('media.docking.ended', { at: whenText(docking.endedAt) }),
          say('media.docking.items', { n: docking.items }),
          leftWords(docking.left),
          docking.clockOffsetMs !== null && clockWords(docking.clockOffsetMs),
        ]
          .filter(Boolean)
          .join(' · ')}
      </small>
    </li>
  );
}
