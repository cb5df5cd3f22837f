import type { ReactNode } from 'react';
import type { MessageId } from '../../i18n/words.ts';
import { useWords } from '../../i18n/words.ts';
import { cx } from '../../components/cx.ts';
import type { HelpPicture } from './device-problem.ts';
import styles from './device-help.module.css';

type Say = (id: MessageId) => string;

/** A phone lying across, with its cable: the screen is where the words stand. */
function Phone({ children, notch }: { readonly children: ReactNode; readonly notch: boolean }): ReactNode {
  return (
    <>
      <rect x="14" y="14" width="212" height="150" rx="18" className={styles['body']} />
      <rect x="24" y="24" width="192" height="130" rx="8" className={styles['screen']} />
      {notch ? <path d="M96 24h48v5a6 6 0 0 1-6 6h-36a6 6 0 0 1-6-6z" className={styles['body']} /> : null}
      <path d="M120 164v10M113 174h14v10h-14zM120 184v14" className={styles['cable']} />
      {children}
    </>
  );
}

/** Pull the notices down, tap the one about USB, choose file transfer. */
function Android({ say }: { readonly say: Say }): ReactNode {
  return (
    <Phone notch={false}>
      <rect x="32" y="38" width="176" height="34" rx="6" className={styles['plate']} />
      <path d="M43 48v14m0-14-4 4m4-4 4 4M43 62l-4-4m4 4 4-4" className={styles['line']} />
      <text x="56" y="59" className={styles['text']} textLength="146" lengthAdjust="spacingAndGlyphs">
        {say('help.android.notice-text')}
      </text>
      <path d="M120 78v12m0 0-5-5m5 5 5-5" className={styles['line']} />
      <rect x="32" y="96" width="176" height="44" rx="6" className={styles['chosen']} />
      <circle cx="48" cy="118" r="7" className={styles['line']} />
      <circle cx="48" cy="118" r="3.5" className={styles['dot']} />
      <text x="64" y="124" className={styles['strong']}>
        {say('help.android.choose-text')}
      </text>
    </Phone>
  );
}

/** The question that an iPhone asks, and which answer to tap. */
function Iphone({ say }: { readonly say: Say }): ReactNode {
  return (
    <Phone notch>
      <rect x="36" y="46" width="168" height="94" rx="12" className={styles['plate']} />
      <text x="46" y="77" className={styles['strong']} textLength="148" lengthAdjust="spacingAndGlyphs">
        {say('help.iphone.trust-text')}
      </text>
      <path d="M36 98h168M120 98v42" className={styles['thin']} />
      <path d="M36 98h84v42H48a12 12 0 0 1-12-12z" className={styles['chosen']} />
      <text x="78" y="124" textAnchor="middle" className={styles['strong']}>
        {say('help.iphone.trust-yes')}
      </text>
      <text x="162" y="124" textAnchor="middle" className={styles['text']}>
        {say('help.iphone.trust-no')}
      </text>
    </Phone>
  );
}

/** The setting that makes an iPhone hand out its originals. */
function Originals({ say }: { readonly say: Say }): ReactNode {
  return (
    <Phone notch>
      <text x="34" y="54" className={styles['text']}>
        {say('help.originals.title-text')}
      </text>
      <rect x="32" y="62" width="176" height="76" rx="8" className={styles['plate']} />
      <text x="44" y="86" className={styles['text']}>
        {say('help.originals.auto-text')}
      </text>
      <path d="M32 100h176" className={styles['thin']} />
      <path d="M32 100h176v30a8 8 0 0 1-8 8H40a8 8 0 0 1-8-8z" className={styles['chosen']} />
      <text x="44" y="125" className={styles['strong']}>
        {say('help.originals.keep-text')}
      </text>
      <path d="M184 120l5 5 9-11" className={styles['line']} />
    </Phone>
  );
}

/** A program's window that lies over the camera: its cross is what to click. */
function Held(): ReactNode {
  return (
    <>
      <rect x="20" y="20" width="150" height="104" rx="8" className={styles['plate']} />
      <path d="M20 44h150" className={styles['thin']} />
      <rect x="140" y="24" width="24" height="16" rx="3" className={styles['chosen']} />
      <path d="M148 28l8 8m0-8-8 8" className={styles['line']} />
      <path d="M34 60h52v48H34zM100 60h56M100 76h56M100 92h36" className={styles['line']} />
      <g className={styles['front']}>
        <path d="M150 126h16l8-14h28l8 14h12a4 4 0 0 1 4 4v42a4 4 0 0 1-4 4h-72a4 4 0 0 1-4-4v-42a4 4 0 0 1 4-4z" />
        <circle cx="188" cy="150" r="15" />
      </g>
    </>
  );
}

function Camera(): ReactNode {
  return (
    <g className={styles['front']}>
      <path d="M34 62h24l12-22h42l12 22h20a6 6 0 0 1 6 6v66a6 6 0 0 1-6 6H34a6 6 0 0 1-6-6V68a6 6 0 0 1 6-6z" />
      <circle cx="91" cy="102" r="24" />
    </g>
  );
}

/** A plug beside its socket. */
function Cable(): ReactNode {
  return (
    <>
      <Camera />
      <path d="M150 108h14" className={styles['cable']} />
      <rect x="164" y="97" width="22" height="22" rx="3" className={styles['plate']} />
      <path d="M186 103h8M186 113h8" className={styles['cable']} />
      <path d="M202 108h26m0 0-8-8m8 8-8 8" className={styles['line']} />
    </>
  );
}

/** A card that goes into the camera. */
function Card(): ReactNode {
  return (
    <>
      <Camera />
      <path d="M176 66h34l14 14v60h-48z" className={styles['chosen']} />
      <path d="M186 74v14M196 74v14M206 78v10" className={styles['line']} />
      <path d="M170 160h-50m0 0 8-7m-8 7 8 7" className={styles['line']} />
    </>
  );
}

/** A line drawing of what to do. The steps beside it say the same in words, so screen readers need not hear it. */
export function HelpDrawing({ picture }: { readonly picture: HelpPicture }): ReactNode {
  const say = useWords();
  return (
    <svg viewBox="0 0 240 200" className={cx(styles['drawing'])} aria-hidden="true" focusable="false">
      {picture === 'android' && <Android say={say} />}
      {picture === 'iphone' && <Iphone say={say} />}
      {picture === 'iphone-originals' && <Originals say={say} />}
      {picture === 'held' && <Held />}
      {picture === 'cable' && <Cable />}
      {picture === 'card' && <Card />}
    </svg>
  );
}
