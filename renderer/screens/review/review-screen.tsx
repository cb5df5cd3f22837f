import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ReviewRow } from '../../../shared/contract.ts';
import { Button } from '../../components/button.tsx';
import { CaptureEvidence } from '../../components/capture-evidence.tsx';
import { cx } from '../../components/cx.ts';
import { Sheet } from '../../components/dialog.tsx';
import { Listing, NothingListed } from '../../components/listing.tsx';
import { Trouble, Waiting } from '../../components/note.tsx';
import { Screen, ScreenHead } from '../../components/screen.tsx';
import { tellTrouble } from '../../components/tell-trouble.ts';
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

  function tryAgain(captureIds?: string[]): void {
    retry.mutate(captureIds ? { captureIds } : {}, {
      onSuccess: ({ retried }) => tell(say('review.retried', { n: retried }), 'good'),
      onError: tellTrouble,
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
        onError: tellTrouble,
      },
    );
  }

  return (
    <Screen>
      <ScreenHead title={say('review.title')}>
        {stuck > 0 && may('retry') && (
          <Button icon="again" busy={retry.isPending} onClick={() => tryAgain()} data-testid="retry-all">
            {say('review.retry-all', { n: stuck })}
          </Button>
        )}
      </ScreenHead>
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
        <NothingListed icon="check" title={say('review.empty')}>
          <p>{say('review.empty.text')}</p>
        </NothingListed>
      )}
      {shown.length > 0 && (
        <Listing
          label={say('review.title')}
          heads={[say('review.what'), say('review.picture'), say('review.why'), say('review.age'), say('review.who')]}
          lastHead={say('review.actions')}
          className={styles['table']}
        >
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
        </Listing>
      )}
      {shown.length > 500 && <p className={styles['more']}>{say('review.more', { n: shown.length - 500 })}</p>}
      {opened?.captureId && (
        <Sheet side title={opened.name} onClose={() => setOpened(null)} data-testid="review-drawer">
          <CaptureEvidence captureId={opened.captureId} />
        </Sheet>
      )}
      {rejecting && <RejectDialog row={rejecting} onClose={() => setRejecting(null)} />}
    </Screen>
  );
}
