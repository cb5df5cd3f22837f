import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ReviewRow } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { CaptureEvidence } from '../../components/capture-evidence.tsx';
import { cx } from '../../components/cx.ts';
import { Sheet } from '../../components/dialog.tsx';
import { NothingHere, Trouble, Waiting } from '../../components/note.tsx';
import { codeOf } from '../../data/call-error.ts';
import { say as tell } from '../../data/live.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { useMay } from '../../data/use-session.ts';
import { codeWords, term } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import { RejectDialog } from './reject-dialog.tsx';
import { ReviewLine } from './review-line.tsx';
import { REVIEW_LISTS } from './review-lists.ts';
import styles from './review-screen.module.css';

type List = ReviewRow['list'];

/** What has no end yet, why, since when, and the one action that mends it. */
export function ReviewScreen(): ReactNode {
  const say = useWords();
  const may = useMay();
  const review = useCall('review.list', {}, { every: 60_000 });
  const [list, setList] = useState<List | 'all'>('all');
  const [opened, setOpened] = useState<ReviewRow | null>(null);
  const [rejecting, setRejecting] = useState<ReviewRow | null>(null);
  const retry = useAct('captures.retry');
  const restore = useAct('captures.restore');
  const rows = (review.data?.rows ?? []).toSorted((one, other) => one.since - other.since);
  const shown = list === 'all' ? rows : rows.filter((row) => row.list === list);
  const stuck = rows.filter((row) => row.list === 'stuck').length;
  const failed = { onError: (error: Error) => tell(codeWords(codeOf(error)), 'bad') };

  function tryAgain(captureIds?: string[]): void {
    retry.mutate(captureIds ? { captureIds } : {}, {
      onSuccess: ({ retried }) => tell(say('review.retried', { n: retried }), 'good'),
      ...failed,
    });
  }

  function bringBack(row: ReviewRow): void {
    if (row.captureId === null) return;
    restore.mutate(
      { captureIds: [row.captureId] },
      {
        onSuccess: ({ restored, refused }) => {
          const why = refused[0]?.code;
          if (restored.length > 0) tell(say('review.restored', { name: row.name }), 'good');
          else if (why) tell(codeWords(why), 'bad');
        },
        ...failed,
      },
    );
  }

  return (
    <div className={styles['screen']}>
      <header className={styles['head']}>
        <h1>{say('review.title')}</h1>
        {stuck > 0 && may('retry') && (
          <Button icon="again" busy={retry.isPending} onClick={() => tryAgain()} data-testid="retry-all">
            {say('review.retry-all', { n: stuck })}
          </Button>
        )}
      </header>
      {review.isError && <Trouble error={review.error} onRetry={() => void review.refetch()} />}
      {review.isPending && <Waiting />}
      {review.data && (
        <div className={styles['lists']} role="group" aria-label={say('review.lists')}>
          {(['all', ...REVIEW_LISTS] as const).map((one) => {
            const count = one === 'all' ? rows.length : rows.filter((row) => row.list === one).length;
            return (
              <button
                key={one}
                type="button"
                aria-pressed={list === one}
                className={cx(styles['list'], list === one && styles['chosen'], count === 0 && styles['none'])}
                data-testid={`review-list-${one}`}
                onClick={() => setList(one)}
              >
                <b>{count}</b>
                <span>{term('review.list', one)}</span>
              </button>
            );
          })}
        </div>
      )}
      {review.data && shown.length === 0 && (
        <section className={styles['empty']}>
          <NothingHere icon="check" title={say('review.empty')}>
            <p>{say('review.empty.text')}</p>
          </NothingHere>
        </section>
      )}
      {shown.length > 0 && (
        // Focusable: a list whose lines have no buttons is scrolled by keyboard, too.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={styles['scroll']} role="region" aria-label={say('review.title')} tabIndex={0}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th>{say('review.what')}</th>
                <th>{say('review.picture')}</th>
                <th>{say('review.why')}</th>
                <th>{say('review.age')}</th>
                <th>{say('review.who')}</th>
                <th>
                  <span className="visually-hidden">{say('review.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.slice(0, 500).map((row) => (
                <ReviewLine
                  key={`${row.list}-${row.hold?.id ?? row.medium?.id ?? row.captureId ?? row.itemId ?? row.dockingId}-${row.name}`}
                  row={row}
                  onOpen={() => setOpened(row)}
                  onRetry={() => row.captureId && tryAgain([row.captureId])}
                  onReject={() => setRejecting(row)}
                  onRestore={() => bringBack(row)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length > 500 && <p className={styles['more']}>{say('review.more', { n: shown.length - 500 })}</p>}
      {opened?.captureId && (
        <Sheet side title={opened.name} onClose={() => setOpened(null)} data-testid="review-drawer">
          <CaptureEvidence captureId={opened.captureId} />
        </Sheet>
      )}
      {rejecting && <RejectDialog row={rejecting} onClose={() => setRejecting(null)} />}
    </div>
  );
}
