import type { MessageId } from '../../i18n/words.ts';

/** What is wrong with a login name, if anything. The station asks the same (shared/contract.ts). */
export function loginProblem(login: string): MessageId | null {
  return /^[a-z0-9._-]{2,40}$/.test(login) ? null : 'people.problem.login';
}

/** What is wrong with a new password, if anything. */
export function passwordProblem(password: string): MessageId | null {
  if (password.length < 8) return 'people.problem.short';
  return password.length > 200 ? 'people.problem.long' : null;
}
