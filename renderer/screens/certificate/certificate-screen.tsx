import type { ReactNode } from 'react';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { CaptureView, DockingView } from '../../../shared/contract.ts';
import { keepsRecentlyDeleted } from '../../../shared/domain/media.ts';
import type { MediumKind } from '../../../shared/domain/media.ts';
import { Button } from '../../components/button.tsx';
import { CustodyStrip } from '../../components/custody-strip.tsx';
import { EquationBar } from '../../components/equation-bar.tsx';
import { mediumFacts, mediumName } from '../../components/medium-name.ts';
import { Note, Trouble, Waiting } from '../../components/note.tsx';
import { Screen } from '../../components/screen.tsx';
import { StepMark } from '../../components/custody-strip.tsx';
import { tellTrouble } from '../../components/tell-trouble.ts';
import { codeOf } from '../../data/call-error.ts';
import { say as tell } from '../../data/live.ts';
import { useAct, useCall } from '../../data/use-call.ts';
import { codeWords, keepWords, reasonWords, term } from '../../i18n/codes.ts';
import { bytesText, exactText, whenText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import type { MessageId } from '../../i18n/words.ts';
import { sealOf } from './seal-of.ts';
import styles from './certificate-screen.module.css';

/** The delivery note of one docking: what came, where it went, what is left on the medium, and who signs for it. */
export function CertificateScreen(): ReactNode {
  const say = useWords();
  const navigate = useNavigate();
  const { dockingId } = useParams({ from: '/certificate/$dockingId' });
  const docking = useCall('dockings.get', { dockingId });
  const captures = useCall('captures.list', { dockingId });
  const preview = useCall('release.preview', { dockingId });
  const certificate = useCall('certificate.get', { dockingId });
  const info = useCall('station.info', {});
  const print = useAct('shell.printCertificate');
  const save = useAct('shell.saveCertificate');

  return (
    <Screen>
      <header className={styles['head']}>
        <Button icon="back" onClick={() => void navigate({ to: '/' })}>
          {say('certificate.back')}
        </Button>
        <span className={styles['tools']}>
          <Button
            icon="paper"
            disabled={!certificate.data}
            busy={save.isPending}
            data-testid="save-certificate"
            onClick={() =>
              save.mutate(
                { dockingId },
                { onSuccess: ({ saved }) => saved && tell(say('certificate.saved'), 'good'), onError: tellTrouble },
              )
            }
          >
            {say('certificate.save')}
          </Button>
          <Button
            look="primary"
            icon="print"
            disabled={!certificate.data}
            busy={print.isPending}
            data-testid="print-certificate"
            onClick={() =>
              print.mutate(
                { dockingId },
                { onSuccess: ({ saved }) => saved && tell(say('certificate.saved'), 'good'), onError: tellTrouble },
              )
            }
          >
            {say('certificate.print')}
          </Button>
        </span>
      </header>
      {docking.isPending && <Waiting />}
      {docking.isError && <Trouble error={docking.error} onRetry={() => void docking.refetch()} />}
      {docking.data && (
        <article className={styles['paper']} data-testid="certificate-view">
          <header className={styles['title']}>
            <div>
              <p>{[info.data?.institution, info.data?.department].filter(Boolean).join(' · ')}</p>
              <h1>{say('certificate.title')}</h1>
            </div>
            <dl className={styles['facts']}>
              <Fact label={say('certificate.station')} value={info.data?.stationName ?? ''} />
              <Fact
                label={say('certificate.medium')}
                value={[
                  `${mediumName(docking.data.medium)} (${term('medium', docking.data.medium.kind)})`,
                  ...mediumFacts(docking.data.medium),
                ].join(' · ')}
              />
              <Fact label={say('certificate.docked')} value={whenText(docking.data.startedAt)} />
              {docking.data.endedAt !== null && (
                <Fact label={say('certificate.ended')} value={whenText(docking.data.endedAt)} />
              )}
              <Fact label={say('certificate.docking')} value={docking.data.id} />
            </dl>
          </header>
          <Verdict docking={docking.data} />
          {docking.data.onMedium.absent > 0 && keepsRecentlyDeleted(docking.data.medium) && (
            <Note tone="warn">{say('certificate.recently-deleted')}</Note>
          )}
          <EquationBar equation={docking.data.equation} />
          <CustodyStrip steps={docking.data.strip} counts />
          {captures.isError && <Trouble error={captures.error} onRetry={() => void captures.refetch()} />}
          {captures.data && <Lines captures={captures.data.captures} />}
          {preview.data && preview.data.kept.length > 0 && (
            <section>
              <h2>{say('certificate.stays', { n: preview.data.kept.length })}</h2>
              <ul className={styles['kept']}>
                {preview.data.kept.map((item) => (
                  <li key={item.itemId}>
                    <b>{item.name}</b> {item.because.map((code) => keepWords(code)).join(' ')}
                  </li>
                ))}
              </ul>
            </section>
          )}
          <footer className={styles['signature']}>
            {certificate.isPending && <Waiting label={say('certificate.signing')} />}
            {certificate.isError && <Note tone="warn">{codeWords(codeOf(certificate.error))}</Note>}
            {certificate.data && (
              <>
                <p>
                  <b>{say('certificate.signed', { at: exactText(certificate.data.issuedAt) })}</b>
                </p>
                <p>{say('certificate.signed.text')}</p>
                <Seal text={certificate.data.text} />
              </>
            )}
          </footer>
        </article>
      )}
    </Screen>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function clearOf(kind: MediumKind): MessageId {
  if (kind === 'phone') return 'certificate.clear.phone';
  return kind === 'camera' ? 'certificate.clear.camera' : 'certificate.clear';
}

/** What the note says in one sentence: only what was checked. */
function Verdict({ docking }: { readonly docking: DockingView }): ReactNode {
  const say = useWords();
  const left = docking.onMedium.present + docking.onMedium.kept + docking.onMedium.eraseUnverified;
  if (docking.medium.kind === 'dermatoscope')
    return <Note tone="good">{say('certificate.never-stored', { n: docking.equation.listed })}</Note>;
  if (docking.state === 'clear')
    return <Note tone="good">{say(clearOf(docking.medium.kind), { n: docking.onMedium.absent })}</Note>;
  return (
    <Note tone={left > 0 ? 'warn' : 'plain'}>{say('certificate.left', { erased: docking.onMedium.absent, left })}</Note>
  );
}

function Lines({ captures }: { readonly captures: readonly CaptureView[] }): ReactNode {
  const say = useWords();
  return (
    <table className={styles['lines']}>
      <thead>
        <tr>
          <th>{say('certificate.line')}</th>
          <th>{say('certificate.picture')}</th>
          <th>{say('certificate.filed')}</th>
          <th>{say('certificate.archive')}</th>
          <th>{say('certificate.erased')}</th>
        </tr>
      </thead>
      <tbody>
        {captures.map((capture, index) => {
          const erased = capture.strip.find((step) => step.step === 'erased');
          return (
            <tr key={capture.id} data-testid="certificate-line">
              <td>{index + 1}</td>
              <td>
                <b>{capture.name}</b>
                <small>
                  {capture.itemCount > 1 ? `${say('certificate.items', { n: capture.itemCount })} · ` : ''}
                  {bytesText(capture.bytes)}
                </small>
              </td>
              <td>
                {capture.filing ? (
                  <>
                    {capture.filing.region.meaning}
                    {capture.filing.laterality && capture.filing.laterality !== 'U'
                      ? `, ${term('side', capture.filing.laterality).toLowerCase()}`
                      : ''}
                    <small>{say('patient.mrn', { mrn: capture.filing.patient.mrn })}</small>
                  </>
                ) : (
                  '–'
                )}
              </td>
              <td>
                {term('stage', capture.stage)}
                {capture.rejected && <small>{term('reject', capture.rejected.reason)}</small>}
                {capture.stuck && <small>{reasonWords(capture.stuck.code)}</small>}
              </td>
              <td>
                {erased && (
                  <span className={styles['erased']}>
                    <StepMark state={erased.state} />
                    {term('certificate.erased', erased.state)}
                  </span>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Seal({ text }: { readonly text: string }): ReactNode {
  const say = useWords();
  const seal = sealOf(text);
  if (!seal) return null;
  return (
    <dl className={styles['seal']}>
      <Fact label={say('certificate.lines')} value={String(seal.lines)} />
      <Fact label={say('certificate.algorithm')} value={seal.algorithm} />
      <Fact label={say('certificate.key')} value={seal.publicKey} />
      <Fact label={say('certificate.hash')} value={seal.signs} />
    </dl>
  );
}
