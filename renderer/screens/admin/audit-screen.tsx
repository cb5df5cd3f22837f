import type { ReactNode } from 'react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Listing, NothingListed } from '../../components/listing.tsx';
import { Note, Trouble, Waiting } from '../../components/note.tsx';
import { Screen, ScreenHead } from '../../components/screen.tsx';
import { useAct, useCall } from '../../data/use-call.ts';
import { useMay } from '../../data/use-session.ts';
import { term } from '../../i18n/codes.ts';
import { exactText } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import styles from './admin.module.css';

const PAGE = 100;

/** The audit chain: whether it is whole, and its last lines. */
export function AuditScreen(): ReactNode {
  const say = useWords();
  const [before, setBefore] = useState<number | undefined>(undefined);
  const list = useCall('audit.list', before === undefined ? { limit: PAGE } : { before, limit: PAGE });
  const verify = useAct('audit.verify');
  const may = useMay();
  const people = useCall('people.list', {}, { enabled: may('administer') });
  const nameOf = (id: string): string => people.data?.people.find((one) => one.id === id)?.displayName ?? id;
  const lines = (list.data?.lines ?? []).toSorted((one, other) => other.line - one.line);
  const oldest = lines.at(-1)?.line;

  return (
    <Screen>
      <ScreenHead title={say('audit.title')} text={say('audit.text')}>
        <Button
          look="primary"
          icon="seal"
          busy={verify.isPending}
          onClick={() => verify.mutate({})}
          data-testid="audit-verify"
        >
          {say('audit.verify')}
        </Button>
      </ScreenHead>
      {verify.isError && <Trouble error={verify.error} />}
      {verify.data && (
        <Note tone={verify.data.ok ? 'good' : 'bad'} live data-testid="audit-result">
          <p>
            {verify.data.ok
              ? say('audit.whole', { n: verify.data.lines })
              : say(verify.data.firstBadLine === null ? 'audit.broken.whole' : 'audit.broken', {
                  line: verify.data.firstBadLine ?? 0,
                  problem: term('audit.problem', verify.data.problem ?? ''),
                })}
          </p>
          <p>
            {verify.data.signedLine === null
              ? say('audit.unsigned')
              : say('audit.signed', { line: verify.data.signedLine })}{' '}
            {say('audit.head-file', { answer: term('audit.answer', verify.data.headFile) })}
          </p>
          <code>{say('audit.head', { hash: verify.data.headHash })}</code>
        </Note>
      )}
      {list.isPending && <Waiting />}
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && lines.length === 0 && <NothingListed icon="audit" title={say('audit.empty')} />}
      {lines.length > 0 && (
        <Listing
          label={say('audit.title')}
          heads={[
            say('audit.line'),
            say('audit.at'),
            say('audit.person'),
            say('audit.action'),
            say('audit.subject'),
            say('audit.facts'),
          ]}
          className={styles['audit']}
        >
          {lines.map((line) => (
            <tr key={line.line} data-testid="audit-line">
              <td>{line.line}</td>
              <td className={styles['nowrap']}>{exactText(line.at)}</td>
              <td>{line.person === null ? say('audit.station') : nameOf(line.person)}</td>
              <td>{term('audit.action', line.action)}</td>
              <td>
                <code>{line.subject}</code>
              </td>
              <td>
                <code>
                  {Object.entries(line.facts)
                    .map(([name, value]) => `${name}=${String(value)}`)
                    .join(' ')}
                </code>
              </td>
            </tr>
          ))}
        </Listing>
      )}
      {lines.length > 0 && (
        <div className={styles['pages']}>
          <Button icon="back" disabled={before === undefined} onClick={() => setBefore(undefined)}>
            {say('audit.newest')}
          </Button>
          <Button icon="next" disabled={lines.length < PAGE || oldest === undefined} onClick={() => setBefore(oldest)}>
            {say('audit.older')}
          </Button>
        </div>
      )}
    </Screen>
  );
}
