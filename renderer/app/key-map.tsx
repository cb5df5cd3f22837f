import type { ReactNode } from 'react';
import { Keys } from '../components/button.tsx';
import { Sheet } from '../components/dialog.tsx';
import { useWords } from '../i18n/words.ts';
import type { MessageId } from '../i18n/words.ts';
import styles from './key-map.module.css';

const GROUPS: readonly { title: MessageId; keys: readonly (readonly [string, MessageId])[] }[] = [
  {
    title: 'keys.everywhere',
    keys: [
      ['F1', 'keys.show'],
      ['Alt+1 2 3', 'keys.screens'],
      ['Ctrl+L', 'keys.lock'],
      ['/', 'keys.search'],
      ['Esc', 'keys.escape'],
    ],
  },
  {
    title: 'keys.sheet',
    keys: [
      ['← ↑ ↓ →', 'keys.move'],
      ['Shift+← →', 'keys.range'],
      ['X', 'keys.toggle'],
      ['Ctrl+A', 'keys.all'],
      ['Space', 'keys.view'],
      ['Esc', 'keys.none'],
    ],
  },
  {
    title: 'keys.filing',
    keys: [
      ['P', 'keys.patient'],
      ['R', 'keys.region'],
      ['S', 'keys.side'],
      ['V', 'keys.viewField'],
      ['B', 'keys.burned'],
      ['F', 'keys.recognizable'],
      ['=', 'keys.repeat'],
      ['C', 'keys.shutter'],
      ['Ctrl+Enter', 'keys.file'],
    ],
  },
  {
    title: 'keys.capture',
    keys: [
      ['Space Enter', 'keys.take'],
      ['R Esc', 'keys.retake'],
      ['P C I', 'keys.optics'],
    ],
  },
  {
    title: 'keys.viewer',
    keys: [
      ['← →', 'keys.nextPicture'],
      ['+ − 0', 'keys.zoom'],
      ['X', 'keys.toggle'],
      ['Space Esc', 'keys.closeViewer'],
    ],
  },
];

/** Every key of the station on one page. */
export function KeyMap({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useWords();
  return (
    <Sheet title={say('keys.title')} onClose={onClose} data-testid="key-map">
      <div className={styles['groups']}>
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3>{say(group.title)}</h3>
            <dl className={styles['keys']}>
              {group.keys.map(([key, label]) => (
                <div key={key}>
                  <dt>
                    <Keys>{key}</Keys>
                  </dt>
                  <dd>{say(label)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  );
}
