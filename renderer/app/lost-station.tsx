import type { ReactNode } from 'react';
import { WhoActs } from '../components/who-acts.tsx';
import { codeOf } from '../data/call-error.ts';
import { useCall } from '../data/use-call.ts';
import { codeWords } from '../i18n/codes.ts';
import { useWords } from '../i18n/words.ts';

/** No station answers: that it is looked for, or, once it is known why none starts, the reason and whose turn it is. */
export function LostStation(): ReactNode {
  const say = useWords();
  const info = useCall('station.info', {}, { every: 3000 });
  const code = info.isError ? codeOf(info.error) : 'station-unreachable';
  if (code === 'station-unreachable') {
    return (
      <>
        <strong>{say('station.reconnecting')}</strong> <span>{say('station.reconnecting.text')}</span>
      </>
    );
  }
  return (
    <div>
      <strong>{codeWords(code)}</strong> {say('station.stale')}
      <WhoActs code={code} />
    </div>
  );
}
