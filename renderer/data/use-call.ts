import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { CallInput, CallName, CallOutput } from '../../shared/contract.ts';
import { bridge } from './bridge.ts';
import type { AskInput, AskName, AskOutput } from './bridge.ts';
import { CallError } from './call-error.ts';
import { queryClient } from './query.ts';

/** Asks the station, or the shell, once. @throws CallError with the stable code */
export async function ask<N extends AskName>(name: N, input: AskInput<N>): Promise<AskOutput<N>> {
  const result = await bridge().call(name, input);
  if (!result.ok) throw new CallError(result.code, result.details);
  return result.value;
}

interface Options {
  readonly enabled?: boolean;
  /** Ask again every so many milliseconds. */
  readonly every?: number;
  /** Show the last answer while the answer to a new input is on its way. */
  readonly keepPrevious?: boolean;
}

/** The answer to a call, kept fresh by the station's events. */
export function useCall<N extends CallName>(
  name: N,
  input: CallInput<N>,
  { enabled = true, every, keepPrevious = false }: Options = {},
): UseQueryResult<CallOutput<N>> {
  return useQuery<CallOutput<N>>({
    queryKey: [name, input],
    queryFn: () => ask(name, input as AskInput<N>) as Promise<CallOutput<N>>,
    enabled,
    ...(every === undefined ? {} : { refetchInterval: every }),
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A call that changes something; whatever is on screen is asked again afterwards. */
export function useAct<N extends AskName>(name: N): UseMutationResult<AskOutput<N>, Error, AskInput<N>> {
  return useMutation<AskOutput<N>, Error, AskInput<N>>({
    mutationFn: (input) => ask(name, input),
    onSuccess: () => {
      void queryClient.invalidateQueries();
    },
  });
}
