import { codeOf } from '../data/call-error.ts';
import { say as tell } from '../data/live.ts';
import { codeWords } from '../i18n/codes.ts';

/** Says in the status line why the station did not do what a person asked for. */
export function tellTrouble(error: unknown): void {
  tell(codeWords(codeOf(error)), 'bad');
}
