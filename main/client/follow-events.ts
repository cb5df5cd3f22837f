import { setTimeout as pause } from 'node:timers/promises';
import type { StationEvent } from '../../shared/contract.ts';
import { askDoor } from './door-request.ts';

/** connected: events flow. refused: the station lives but gives no events to us. reconnecting: no station answers. */
export type DoorState = 'connected' | 'refused' | 'reconnecting';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3000;

/** Reads the station's event stream, again and again, until the returned function is called. */
export function followEvents(
  dataDir: string,
  onEvent: (event: StationEvent) => void,
  options: { session?: string | undefined; onState?: ((state: DoorState) => void) | undefined },
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let last: DoorState | null = null;
  const tell = (state: DoorState): void => {
    if (signal.aborted || state === last) return;
    last = state;
    options.onState?.(state);
  };

  async function once(): Promise<boolean> {
    const stream = await askDoor(dataDir, { method: 'GET', path: '/events', session: options.session, signal });
    if (stream.statusCode !== 200) {
      stream.resume();
      tell('refused');
      return false;
    }
    tell('connected');
    const read = eventReader(onEvent);
    stream.setEncoding('utf8');
    for await (const text of stream) {
      if (signal.aborted) return true;
      read(text as string);
    }
    return true;
  }

  async function forever(): Promise<void> {
    let wait = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      let flowed = false;
      try {
        flowed = await once();
        if (flowed) tell('reconnecting');
      } catch {
        flowed = last === 'connected';
        tell('reconnecting');
      }
      wait = flowed ? FIRST_PAUSE_MS : Math.min(wait * 2, LONGEST_PAUSE_MS);
      await pause(wait, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  void forever();
  return () => stop.abort();
}

/** Takes the text of a `text/event-stream` in pieces of any length and gives out whole events. Broken ones are skipped. */
export function eventReader(onEvent: (event: StationEvent) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = line.startsWith('data:') ? parseEvent(line.slice('data:'.length)) : null;
      if (event !== null) onEvent(event);
    }
  };
}

function parseEvent(json: string): StationEvent | null {
  try {
    const event: unknown = JSON.parse(json);
    const named = typeof event === 'object' && event !== null && 'name' in event && typeof event.name === 'string';
    return named ? (event as StationEvent) : null;
  } catch {
    return null;
  }
}
