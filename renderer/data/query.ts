import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import type { CallName, CallOutput, StationEvent } from '../../shared/contract.ts';
import { bridge } from './bridge.ts';
import { presses, scans } from './button-events.ts';
import { codeOf, endsSession } from './call-error.ts';
import { connection, framesWaiting, liveProgress } from './live.ts';
import { callsToAskAgain } from './topics.ts';
import type { Topic } from './topics.ts';

const SESSION_KEY = ['session.current', {}] as const;
/** Changes come in bursts while a card is read: answers are asked again at most this often (ms), after a quiet moment at once. */
const GATHER_FOR = 250;
/** A station that answers again within this time (ms) was not away: a start is no loss. */
const LOST_AFTER = 1500;

function onFailure(error: unknown): void {
  if (endsSession(codeOf(error))) forgetPerson();
}

/** Answers of the station. Patient data leaves memory a minute after its last use, and at once on lock. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: onFailure }),
  mutationCache: new MutationCache({ onError: onFailure }),
  defaultOptions: {
    queries: { retry: false, staleTime: 5_000, gcTime: 60_000, refetchOnReconnect: false, networkMode: 'always' },
    mutations: { retry: false, gcTime: 0, networkMode: 'always' },
  },
});

/** Back to sign-in: everything that was shown is dropped from memory. */
export function forgetPerson(): void {
  const before = queryClient.getQueryData<CallOutput<'session.current'>>(SESSION_KEY);
  if (before) queryClient.setQueryData(SESSION_KEY, { ...before, person: null, may: [] });
  queryClient.removeQueries({ predicate: (query) => !openCalls.has(String(query.queryKey[0])) });
  liveProgress.set(new Map());
  void queryClient.invalidateQueries({ queryKey: ['session.current'] });
}
const openCalls = new Set<string>(['session.current', 'station.info'] satisfies CallName[]);

/** Listens to the station's events for as long as the window lives. */
export function followStation(): () => void {
  const waiting = new Set<Topic>();
  let timer: number | undefined;
  let lost: number | undefined;
  let askedAt = -GATHER_FOR;
  function askAgain(): void {
    timer = undefined;
    askedAt = performance.now();
    const calls = callsToAskAgain(waiting);
    waiting.clear();
    void queryClient.invalidateQueries({ predicate: (query) => calls.has(query.queryKey[0] as CallName) });
  }
  function onEvent(event: StationEvent): void {
    switch (event.name) {
      case 'changed':
        for (const topic of event.payload.topics) waiting.add(topic);
        timer ??= window.setTimeout(askAgain, Math.max(0, askedAt + GATHER_FOR - performance.now()));
        break;
      case 'progress':
        liveProgress.set(new Map(liveProgress.get()).set(event.payload.dockingId, event.payload.progress));
        break;
      case 'button':
        presses.tell(event.payload);
        break;
      case 'scanned':
        scans.tell(event.payload);
        break;
      case 'frames.waiting':
        framesWaiting.set(event.payload.count);
        break;
      case 'station.connection':
        window.clearTimeout(lost);
        if (event.payload.state === 'reconnecting') {
          lost = window.setTimeout(() => connection.set('reconnecting'), LOST_AFTER);
        } else {
          connection.set('connected');
          void queryClient.invalidateQueries();
        }
        break;
    }
  }
  const stop = bridge().onEvent(onEvent);
  return () => {
    window.clearTimeout(timer);
    window.clearTimeout(lost);
    stop();
  };
}
