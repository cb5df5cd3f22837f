import type { Action } from '../../shared/domain/people.ts';
import type { CallOutput } from '../../shared/contract.ts';
import { useCall } from './use-call.ts';

export type Session = CallOutput<'session.current'>;

/** Who is signed in and what they may do. Only below the sign-in gate, where the answer exists. */
export function useMay(): (action: Action) => boolean {
  const session = useCall('session.current', {});
  return (action) => session.data?.may.includes(action) ?? false;
}
