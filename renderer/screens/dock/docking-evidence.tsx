import { useState } from 'react';
import type { ReactNode } from 'react';
import type { StripStepView } from '../../../shared/contract.ts';
import type { MediumKind } from '../../../shared/domain/media.ts';
import { Button } from '../../components/button.tsx';
import { StepMark } from '../../components/custody-strip.tsx';
import { Sheet } from '../../components/dialog.tsx';
import { CaptureEvidence } from '../../components/capture-evidence.tsx';
import { NothingHere, Trouble, Waiting } from '../../components/note.tsx';
import { WhoActs } from '../../components/who-acts.tsx';
import { useCall } from '../../data/use-call.ts';
import { reasonWords, term } from '../../i18n/codes.ts';
import { exactText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import type { MessageId } from '../../i18n/words.ts';
import styles from './docking-evidence.module.css';

interface DockingEvidenceProps {
  readonly dockingId: string;
  readonly step: StripStepView['step'];
  readonly onClose: () => void;
}

/** One step of a docking: how many are through, when, and each picture that is not, with its evidence one click away. */
export function DockingEvidence({ dockingId, step, onClose }: DockingEvidenceProps): ReactNode {
  const say = useWords();
  const [openCapture, setOpenCapture] = useState<string | null>(null);
  const docking = useCall('dockings.get', { dockingId });
  const captures = useCall('captures.list', { dockingId });
  const own = docking.data?.strip.find((one) => one.step === step);
  const rows = (captures.data?.captures ?? [])
    .map((capture) => ({ capture, at: capture.strip.find((one) => one.step === step) }))
    .toSorted((one, other) => Number(one.at?.state === 'done') - Number(other.at?.state === 'done'));

  return (
    <Sheet side title={term('strip.step', step)} onClose={onClose} data-testid="docking-evidence">
      {openCapture ? (
        <>
          <Button icon="back" onClick={() => setOpenCapture(null)} className={styles['back']}>
            {say('evidence.back')}
          </Button>
          <CaptureEvidence captureId={openCapture} />
        </>
      ) : (
        <>
          <p className={styles['meaning']}>{say(meaningOf(step, docking.data?.medium.kind))}</p>
          {own && (
            <div className={styles['whole']}>
              <StepMark state={own.state} />
              <b>{term('strip.state', own.state)}</b>
              {own.state !== 'not-offered' && <span>{say('strip.of', { done: own.done, total: own.total })}</span>}
              {own.at !== null && <span>{exactText(own.at)}</span>}
            </div>
          )}
          {own?.code && (
            <p>
              {reasonWords(own.code)}
              <WhoActs code={own.code} />
            </p>
          )}
          {captures.isPending && <Waiting />}
          {captures.isError && <Trouble error={captures.error} onRetry={() => void captures.refetch()} />}
          {captures.data && rows.length === 0 && <NothingHere icon="picture" title={say('evidence.no-pictures')} />}
          <ul className={styles['rows']}>
            {rows.slice(0, 400).map(({ capture, at }) => (
              <li key={capture.id}>
                <button type="button" onClick={() => setOpenCapture(capture.id)}>
                  <StepMark state={at?.state ?? 'waiting'} />
                  <b>{capture.name}</b>
                  <span>
                    {at ? term('strip.state', at.state) : term('stage', capture.stage)}
                    {at?.code ? `: ${reasonWords(at.code)}` : ''}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Sheet>
  );
}

/** What a step takes; of a device's erasing no more than it can tell. */
function meaningOf(step: StripStepView['step'], kind: MediumKind | undefined): MessageId {
  if (step === 'erased' && kind === 'phone') return 'strip.meaning.erased.phone';
  if (step === 'erased' && kind === 'camera') return 'strip.meaning.erased.camera';
  return `strip.meaning.${step}`;
}
