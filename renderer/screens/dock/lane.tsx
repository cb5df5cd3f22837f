import { useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { DockingView, StripStepView } from '../../../shared/contract.ts';
import { isDevice } from '../../../shared/domain/media.ts';
import { Button } from '../../components/button.tsx';
import { CustodyStrip } from '../../components/custody-strip.tsx';
import { cx } from '../../components/cx.ts';
import { EquationBar } from '../../components/equation-bar.tsx';
import { Icon } from '../../components/icon.tsx';
import { mediumFacts, mediumName } from '../../components/medium-name.ts';
import { PlaceHold } from '../../components/place-hold.tsx';
import { Note } from '../../components/note.tsx';
import { WhoActs } from '../../components/who-acts.tsx';
import { tellTrouble } from '../../components/tell-trouble.ts';
import { liveProgress } from '../../data/live.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { useMay } from '../../data/use-session.ts';
import { reasonWords, term } from '../../i18n/codes.ts';
import { bytesText, shortWhenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { DeviceHelp } from './device-help.tsx';
import { deviceProblem } from './device-problem.ts';
import { AwaitApproval } from './await-approval.tsx';
import { DockingEvidence } from './docking-evidence.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { laneState } from './lane-state.ts';
import { LiveStrip } from './live-strip.tsx';
import { ProgressLine } from './progress-line.tsx';
import { TetherPanel } from './tether-panel.tsx';
import { useNow } from '../../data/use-now.ts';
import styles from './lane.module.css';

interface LaneProps {
  readonly docking: DockingView;
  /** Its shutter is the only one on the screen: the key and the pedal mean it. */
  readonly onlyShutter?: boolean;
}

/** One medium: what it is, what is going on, what may be done. Readable at two metres. */
export function Lane({ docking, onlyShutter = false }: LaneProps): ReactNode {
  const say = useWords();
  const [step, setStep] = useState<StripStepView | null>(null);
  const now = useNow();
  const live = liveProgress.use();
  const progress = live.has(docking.id) ? (live.get(docking.id) ?? null) : docking.progress;
  const state = laneState(docking);
  const { medium } = docking;
  const device = isDevice(medium.kind);
  const mend = docking.connected ? deviceProblem(docking.problem) : null;
  const reading = docking.state === 'listing' || docking.state === 'reading';
  // Nothing of it was read, and nothing is before somebody does something.
  const unread = docking.awaitsApproval || (mend !== null && docking.equation.listed === 0);

  return (
    <article
      className={cx(styles['lane'], styles[state.look])}
      data-testid="lane"
      data-docking-id={docking.id}
      data-state={docking.state}
      aria-label={mediumName(medium)}
    >
      <div className={styles['state']}>
        <Icon name={state.icon} size={64} />
        <div role="status">
          <p className={styles['word']} data-testid="lane-state-word">
            {say(state.word, state.values)}
          </p>
          <p className={styles['below']}>{say(state.below, state.values)}</p>
        </div>
      </div>
      <div className={styles['body']}>
        <header className={styles['medium']}>
          <Icon name={medium.kind === 'stick' ? 'stick' : medium.kind} size={36} />
          <div className={styles['label']}>
            <h2>{mediumName(medium)}</h2>
            <p>
              {[
                term('medium', medium.kind),
                ...mediumFacts(medium),
                device ? null : medium.filesystem,
                medium.sizeBytes !== null && bytesText(medium.sizeBytes),
                unread
                  ? null
                  : say('lane.content', { n: docking.equation.listed, bytes: bytesText(docking.totalBytes) }),
                say('lane.since', { at: shortWhenText(docking.startedAt, now) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </div>
          {medium.readOnly && <span className={styles['badge']}>{say('lane.read-only')}</span>}
          {!docking.connected && <span className={styles['badge']}>{say('lane.not-connected')}</span>}
        </header>
        <AwaitApproval docking={docking} />
        {progress && !unread && <ProgressLine progress={progress} />}
        {device && docking.connected && !unread && (reading || docking.live) && <LiveStrip docking={docking} />}
        {docking.live && <TetherPanel dockingId={docking.id} live={docking.live} only={onlyShutter} />}
        {mend && <DeviceHelp problem={mend} holder={docking.problemHolder} />}
        {docking.problem && !mend && (
          <Note tone="bad" data-testid="lane-problem">
            {reasonWords(docking.problem)}
            <WhoActs code={docking.problem} />
          </Note>
        )}
        {medium.readOnly && docking.state === 'sealed' && (
          <Note tone="warn">{say(device ? 'lane.read-only.device' : 'lane.read-only.text')}</Note>
        )}
        {docking.keptWhole === 'personal-phone' && docking.state === 'sealed' && (
          <Note tone="plain" data-testid="personal-phone">
            <b>{say('lane.personal')}</b>
            <span>{say('lane.personal.text')}</span>
          </Note>
        )}
        {docking.notFollowed > 0 && <Note tone="warn">{say('lane.not-followed', { n: docking.notFollowed })}</Note>}
        {docking.held > 0 && (
          <Note tone="warn" data-testid="lane-held">
            {say('hold.lane', { n: docking.held })}
          </Note>
        )}
        {docking.undecided > 0 && <Note tone="warn">{say('lane.undecided', { n: docking.undecided })}</Note>}
        {!unread && (
          <>
            <EquationBar equation={docking.equation} />
            <CustodyStrip steps={docking.strip} counts onOpen={setStep} />
          </>
        )}
        <LaneActions docking={docking} cancellable={progress?.cancellable ?? false} />
      </div>
      {step && <DockingEvidence dockingId={docking.id} step={step.step} onClose={() => setStep(null)} />}
    </article>
  );
}

function LaneActions({
  docking,
  cancellable,
}: {
  readonly docking: DockingView;
  readonly cancellable: boolean;
}): ReactNode {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const [erasing, setErasing] = useState(false);
  const cancel = useAct('dock.cancel');
  const resume = useAct('dock.resume');
  const settled = !['listing', 'reading', 'erasing'].includes(docking.state);
  const unfiledItems = docking.equation.unfiled;
  const unfiled = useCall(
    'captures.list',
    { dockingId: docking.id, stage: 'unfiled' },
    { enabled: settled && unfiledItems > 0 },
  );
  // A file of unknown kind is no picture to file: the lane says apart that somebody has to decide about it.
  const pictures =
    unfiledItems > 0 ? (unfiled.data?.captures.filter((capture) => capture.kind !== 'other').length ?? 0) : 0;
  const canErase = docking.connected && docking.releasable > 0 && docking.state === 'sealed';

  return (
    <footer className={styles['actions']}>
      {settled &&
        pictures > 0 &&
        (may('file') ? (
          <Button
            look="primary"
            big
            icon="picture"
            data-testid="action-file"
            onClick={() => void navigate({ to: '/file', search: { docking: docking.id } })}
          >
            {say('lane.file', { n: pictures })}
          </Button>
        ) : (
          <span className={styles['waits']}>{say('lane.waits', { n: pictures })}</span>
        ))}
      {canErase && may('release') && (
        <Button
          look={pictures > 0 ? 'plain' : 'primary'}
          big
          icon="erase"
          data-testid="action-erase"
          onClick={() => setErasing(true)}
        >
          {say('lane.erase', { n: docking.releasable, kind: docking.medium.kind })}
        </Button>
      )}
      {settled && may('certify') && !(deviceProblem(docking.problem) && docking.equation.listed === 0) && (
        <Button
          big
          icon="paper"
          data-testid="action-certificate"
          onClick={() => void navigate({ to: '/certificate/$dockingId', params: { dockingId: docking.id } })}
        >
          {say('lane.certificate')}
        </Button>
      )}
      {may('dock') && cancellable && !settled && (
        <Button
          big
          icon="cross"
          busy={cancel.isPending}
          data-testid="action-cancel"
          onClick={() => cancel.mutate({ dockingId: docking.id }, { onError: tellTrouble })}
        >
          {say('lane.cancel')}
        </Button>
      )}
      {may('dock') && docking.connected && (docking.state === 'cancelled' || docking.state === 'failed') && (
        <Button
          look="primary"
          big
          icon="again"
          busy={resume.isPending}
          data-testid="action-resume"
          onClick={() => resume.mutate({ dockingId: docking.id }, { onError: tellTrouble })}
        >
          {say(docking.state === 'failed' && isDevice(docking.medium.kind) ? 'lane.try-now' : 'lane.resume')}
        </Button>
      )}
      {docking.held < docking.equation.listed && (
        <PlaceHold big subject={{ dockingId: docking.id }} name={mediumName(docking.medium)} />
      )}
      {erasing && <EraseDialog docking={docking} onClose={() => setErasing(false)} />}
    </footer>
  );
}
