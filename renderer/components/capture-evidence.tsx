import type { ReactNode } from 'react';
import type { EvidenceView } from '../../shared/contract.ts';
import { useCall } from '../data/use-call.ts';
import { keepWords, reasonWords, term } from '../i18n/codes.ts';
import { bytesText, exactText, whenText } from '../i18n/format.ts';
import { useWords } from '../i18n/words.ts';
import { CustodyStrip, StepMark } from './custody-strip.tsx';
import { LiftHold } from './lift-hold.tsx';
import { Note, Trouble, Waiting } from './note.tsx';
import { WhoActs } from './who-acts.tsx';
import { PlaceHold } from './place-hold.tsx';
import styles from './capture-evidence.module.css';

/** The whole custody of one picture: its strip, its items, and every recorded fact in time. */
export function CaptureEvidence({ captureId }: { readonly captureId: string }): ReactNode {
  const say = useWords();
  const capture = useCall('captures.get', { captureId });
  if (capture.isPending) return <Waiting />;
  if (capture.isError) return <Trouble error={capture.error} onRetry={() => void capture.refetch()} />;
  const { data } = capture;
  const neverStored = data.strip.some(
    ({ step, state, code }) => step === 'erased' && state === 'not-offered' && code === null,
  );
  const uids = [
    ['evidence.sop', data.sopInstanceUid],
    ['evidence.series', data.seriesInstanceUid],
    ['evidence.study', data.studyInstanceUid],
  ] as const;
  return (
    <div className={styles['capture']} data-testid="capture-evidence">
      <h3>
        {data.name} <span className={styles['soft']}>{term('stage', data.stage)}</span>
      </h3>
      <CustodyStrip steps={data.strip} compact />
      {data.stuck && (
        <Note tone="bad">
          {reasonWords(data.stuck.code)} {say('stuck.tries', { n: data.stuck.attempts })}
          <WhoActs code={data.stuck.code} />
        </Note>
      )}
      {data.rejected && (
        <Note tone="plain">
          {say('evidence.rejected', { reason: term('reject', data.rejected.reason), by: data.rejected.by })}
        </Note>
      )}
      {data.shreddedAt !== null && (
        <Note tone="plain">{say('evidence.shredded', { at: whenText(data.shreddedAt), stage: data.stage })}</Note>
      )}
      {data.holds.map((hold) => (
        <Note key={hold.id} tone="warn" data-testid="evidence-hold">
          <p>
            <b>{say('badge.held')}:</b> {hold.reason}
          </p>
          <p>{say('hold.by', { by: hold.placedBy, at: whenText(hold.placedAt) })}</p>
          <LiftHold hold={hold} />
        </Note>
      ))}
      {!data.held && (
        <div>
          <PlaceHold subject={{ captureIds: [captureId] }} name={data.name} />
        </div>
      )}
      <section>
        <h4>{say('evidence.items')}</h4>
        <ul className={styles['items']}>
          {data.items.map((item) => (
            <li key={item.id}>
              <b>{item.name}</b>
              <span>
                {bytesText(item.bytes)} · {term('item', item.stage)} ·{' '}
                {term('on-medium', neverStored ? 'never-stored' : item.onMedium)}
              </span>
              {item.sha256 && (
                <code title={item.sha256}>{say('evidence.sha', { hash: item.sha256.slice(0, 16) })}</code>
              )}
              {item.code && <span>{reasonWords(item.code)}</span>}
              {item.onMedium !== 'absent' &&
                item.keptBecause.map((code) => (
                  <span key={code} className={styles['kept']}>
                    {say('evidence.kept', { why: keepWords(code) })}
                  </span>
                ))}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h4>{say('evidence.timeline')}</h4>
        {data.evidence.length === 0 && <p className={styles['soft']}>{say('evidence.none')}</p>}
        <ol className={styles['timeline']} data-testid="evidence-timeline">
          {data.evidence.map((fact, index) => (
            <Fact key={`${fact.kind}-${fact.at}-${index}`} fact={fact} />
          ))}
        </ol>
      </section>
      {data.sopInstanceUid && (
        <dl className={styles['uids']}>
          {uids.map(
            ([label, uid]) =>
              uid && (
                <div key={label}>
                  <dt>{say(label)}</dt>
                  <dd>
                    <code>{uid}</code>
                  </dd>
                </div>
              ),
          )}
        </dl>
      )}
    </div>
  );
}

function Fact({ fact }: { readonly fact: EvidenceView }): ReactNode {
  const say = useWords();
  return (
    <li data-ok={fact.ok}>
      <StepMark state={fact.ok ? 'done' : 'failed'} />
      <div>
        <b>{term('evidence.kind', fact.kind)}</b>{' '}
        <span className={fact.ok ? styles['soft'] : styles['bad']}>
          {say(fact.ok ? 'evidence.ok' : 'evidence.bad')}
        </span>
        <time>{exactText(fact.at)}</time>
        <p className={styles['facts']}>
          <code>{fact.subject}</code>
          {Object.entries(fact.facts).map(([name, value]) => (
            <span key={name}>
              {name}: <code>{String(value)}</code>
            </span>
          ))}
        </p>
      </div>
    </li>
  );
}
