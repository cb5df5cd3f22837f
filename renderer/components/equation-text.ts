import { addsUp, CUSTODY_TERMS } from '../../shared/domain/custody.ts';
import type { CustodyEquation } from '../../shared/domain/custody.ts';
import { term } from '../i18n/codes.ts';
import { words } from '../i18n/words.ts';

/** The equation as a sentence: `12 listed = 5 confirmed + 7 not filed`. Terms of nought are left out of the sentence. */
export function equationText(equation: CustodyEquation): string {
  const parts = CUSTODY_TERMS.filter((name) => equation[name] > 0).map(
    (name) => `${equation[name]} ${term('equation', name)}`,
  );
  const right = parts.length > 0 ? parts.join(' + ') : '0';
  return `${equation.listed} ${words('equation.listed')} ${addsUp(equation) ? '=' : '≠'} ${right}`;
}
