import type { ReactNode } from 'react';
import type { DockingView } from '../../../shared/contract.ts';
import { keepsRecentlyDeleted } from '../../../shared/domain/media.ts';
import type { MediumKind } from '../../../shared/domain/media.ts';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/dialog.tsx';
import { mediumName } from '../../components/medium-name.ts';
import { Note, Trouble, Waiting } from '../../components/note.tsx';
import { say as tell } from '../../data/live.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { keepWords } from '../../i18n/codes.ts';
import { bytesText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import type { MessageId } from '../../i18n/words.ts';
import { focusOnMount } from '../../components/focus-on-mount.ts';
import styles from './erase-dialog.module.css';

interface EraseDialogProps {
  readonly docking: DockingView;
  readonly onClose: () => void;
}

/** Before anything is erased: how many go, what stays and why. */
export function EraseDialog({ docking, onClose }: EraseDialogProps): ReactNode {
  const say = useWords();
  const preview = useCall('release.preview', { dockingId: docking.id });
  const start = useAct('release.start');
  const data = preview.data;
  const nothing = data !== undefined && (data.erasable === 0 || !data.connected);

  function erase(): void {
    start.mutate(
      { dockingId: docking.id },
      {
        onSuccess: ({ queued }) => {
          tell(say('erase.started', { n: queued }), 'good');
          onClose();
        },
      },
    );
  }

  return (
    <Sheet
      alert
      title={say('erase.title', { n: data?.erasable ?? docking.releasable, label: mediumName(docking.medium) })}
      onClose={onClose}
      data-testid="erase-dialog"
      actions={
        <>
          <Button big onClick={onClose} ref={focusOnMount}>
            {say('erase.not-now')}
          </Button>
          <Button
            look="danger"
            big
            icon="erase"
            disabled={!data || nothing}
            busy={start.isPending}
            data-testid="action-erase-confirm"
            onClick={erase}
          >
            {say('erase.go', { n: data?.erasable ?? 0 })}
          </Button>
        </>
      }
    >
      {preview.isPending && <Waiting />}
      {preview.isError && <Trouble error={preview.error} onRetry={() => void preview.refetch()} />}
      {start.isError && <Trouble error={start.error} />}
      {data && !data.connected && <Note tone="warn">{say('erase.unplugged')}</Note>}
      {data && (
        <>
          <Note tone={nothing ? 'plain' : 'good'}>
            {nothing
              ? say('erase.nothing')
              : say('erase.proof', { n: data.erasable, bytes: bytesText(data.erasableBytes) })}
          </Note>
          {!nothing && <p>{say(meaningOf(docking.medium.kind))}</p>}
          {!nothing && keepsRecentlyDeleted(docking.medium) && (
            <Note tone="warn" data-testid="recently-deleted">
              {say('erase.recently-deleted')}
            </Note>
          )}
          {data.kept.length > 0 && (
            <section>
              <h3>{say('erase.stays', { n: data.kept.length })}</h3>
              <ul className={styles['kept']}>
                {data.kept.map((item) => (
                  <li key={item.itemId}>
                    <b>{item.name}</b>
                    <span>{item.because.map((code) => keepWords(code)).join(' ')}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}
    </Sheet>
  );
}

/** What erasing is, said for what can be known of it: a device deletes by itself, and is only asked what it still lists. */
function meaningOf(kind: MediumKind): MessageId {
  if (kind === 'phone') return 'erase.meaning.phone';
  return kind === 'camera' || kind === 'dermatoscope' ? 'erase.meaning.camera' : 'erase.meaning';
}
