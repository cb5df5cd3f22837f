import type { ReactNode } from 'react';
import { addsUp, CUSTODY_TERMS } from '../../shared/domain/custody.ts';
import type { CustodyEquation } from '../../shared/domain/custody.ts';
import { term } from '../i18n/codes.ts';
import { useWords } from '../i18n/words.ts';
import { cx } from './cx.ts';
import { equationText } from './equation-text.ts';
import styles from './equation-bar.module.css';

/** The custody equation: a bar in proportion, each part with its own pattern, and the sum in numbers and words. */
export function EquationBar({ equation }: { readonly equation: CustodyEquation }): ReactNode {
  const say = useWords();
  const whole = addsUp(equation);
  return (
    <figure
      className={styles['equation']}
      data-testid="equation"
      data-adds-up={whole}
      aria-label={equationText(equation)}
    >
      <div className={styles['bar']} aria-hidden="true">
        {CUSTODY_TERMS.map(
          (name) =>
            equation[name] > 0 && (
              <span key={name} className={cx(styles['part'], styles[name])} style={{ flexGrow: equation[name] }} />
            ),
        )}
      </div>
      <figcaption className={styles['sum']} aria-hidden="true">
        <span className={styles['listed']}>
          <b>{equation.listed}</b> {say('equation.listed')}
        </span>
        <span className={styles['sign']}>{whole ? '=' : '≠'}</span>
        {CUSTODY_TERMS.map((name, index) => (
          <span key={name} className={cx(styles['term'], equation[name] === 0 && styles['none'])}>
            {index > 0 && <span className={styles['sign']}>+</span>}
            <span className={cx(styles['swatch'], styles[name])} />
            <b>{equation[name]}</b> {term('equation', name)}
          </span>
        ))}
      </figcaption>
      {!whole && <p className={styles['wrong']}>{say('equation.wrong')}</p>}
    </figure>
  );
}
