import type { z } from 'zod';
import type { Action } from '../domain/people.ts';

/** One call: its input, its output and the action asked of `may()`. `open` calls need no signed-in person. */
export interface Call<I extends z.ZodType, O extends z.ZodType> {
  readonly action: Action | 'open' | 'signed-in';
  readonly input: I;
  readonly output: O;
}

/** Writes one call of the contract down. */
export function call<I extends z.ZodType, O extends z.ZodType>(
  action: Call<I, O>['action'],
  input: I,
  output: O,
): Call<I, O> {
  return { action, input, output };
}
