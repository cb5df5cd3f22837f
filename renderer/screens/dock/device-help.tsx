import type { ReactNode } from 'react';
import { useWords } from '../../i18n/words.ts';
import type { DeviceProblem } from './device-problem.ts';
import { HelpDrawing } from './help-pictures.tsx';
import styles from './device-help.module.css';

interface DeviceHelpProps {
  readonly problem: DeviceProblem;
  /** The program that has the device open, where it is known. */
  readonly holder: string | null;
}

/** What a person does so that a device can be read: a drawing and a few steps. Nothing turns or blinks: the station tries again by itself. */
export function DeviceHelp({ problem, holder }: DeviceHelpProps): ReactNode {
  const say = useWords();
  return (
    <section className={styles['help']} data-testid="device-help" data-picture={problem.picture}>
      <HelpDrawing picture={problem.picture} />
      <div>
        <h3>{say('help.title')}</h3>
        {holder !== null && <p data-testid="device-holder">{say('help.held.by', { program: holder })}</p>}
        <ol>
          {problem.steps.map((step) => (
            <li key={step}>{say(step)}</li>
          ))}
        </ol>
      </div>
    </section>
  );
}
