import type { Action } from '../../../shared/domain/people.ts';
import { PERMISSIONS } from '../../../shared/domain/people.ts';
import type { SignedIn } from './sessions.ts';

/** The only place where authority is decided: may this person do this? */
export function may(person: SignedIn, action: Action): boolean {
  return PERMISSIONS[person.role].includes(action);
}
